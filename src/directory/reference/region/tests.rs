use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_region_is_known_by_code_path_and_unique_name() {
    let (then, now) = (day("2016-05-01"), day("2026-05-01"));
    let read = |text: &str| resolve(text, then, now);
    for text in [
        "330103",
        "浙江省杭州市下城区",
        "浙江省 杭州市 下城区",
        "下城区",
        "Xiacheng, Hangzhou, Zhejiang Province",
        "杭州 下城",
    ] {
        assert_eq!(read(text).as_deref(), Ok("330103"), "{text}");
    }
    assert_eq!(read("浙江省").as_deref(), Ok("330000"));
    assert_eq!(read("杭州市").as_deref(), Ok("330100"));
    match read("朝阳区") {
        Err(Fault::Ambiguous(choices)) => {
            let one = ["北京市朝阳区", "Chaoyang, Beijing Municipality"].map(str::to_owned);
            assert!(choices.contains(&one), "{choices:?}")
        }
        other => panic!("{other:?}"),
    }
    // Of those that are called so, and of no other whose name holds it.
    let both = [
        ["浙江省杭州市西湖区", "Xihu, Hangzhou, Zhejiang Province"].map(str::to_owned),
        ["江西省南昌市西湖区", "Xihu, Nanchang, Jiangxi Province"].map(str::to_owned),
    ]
    .to_vec();
    assert_eq!(read("西湖区"), Err(Fault::Ambiguous(both)));
    assert_eq!(read("杭州 西湖区").as_deref(), Ok("330106"));
    assert_eq!(read("东西湖区").as_deref(), Ok("420112"));
    assert_eq!(read("北京市朝阳区").as_deref(), Ok("110105"));
    for (text, code) in [
        ("guangzhou", "440100"),
        ("guang zhou", "440100"),
        ("chongqing", "500000"),
        ("zhejiang hangzhou xihu", "330106"),
        ("杭州西湖区", "330106"),
    ] {
        assert_eq!(read(text).as_deref(), Ok(code), "{text}");
    }
    // Initials name nobody, but those that may be meant.
    match read("gz") {
        Err(Fault::Ambiguous(choices)) => {
            assert!(choices.iter().any(|[zh, _]| zh == "广东省广州市"), "{choices:?}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(read("999999"), Err(Fault::Unknown));
    assert_eq!(read("某地"), Err(Fault::Unknown));
    assert_eq!(resolve("330103", now, now), Err(Fault::Date));
}

/// Wuwei was a county and became a city, with a code of its own; in English both are called alike.
#[test]
fn a_full_name_that_two_had_after_each_other_means_the_one_of_the_day() {
    let (then, later, now) = (day("2016-05-01"), day("2022-05-01"), day("2026-05-01"));
    let name = "Wuwei, Wuhu, Anhui Province";
    for (code, at) in [("340225", then), ("340281", later)] {
        assert_eq!(path(code, at, Lang::En), name);
        assert_eq!(resolve(name, at, now).as_deref(), Ok(code));
        assert_eq!(resolve(&path(code, at, Lang::Zh), at, now).as_deref(), Ok(code));
    }
    assert_eq!(asked(name).as_deref(), Ok("340281"));
}

/// Of the change only the years are known, so both are on file for a while; a city and the county around it always are.
#[test]
fn a_name_that_two_bear_on_the_same_day_means_neither() {
    let (change, now) = (day("2020-05-01"), day("2026-05-01"));
    let several = |zh: [&str; 2], en: &str, codes: [&str; 2]| {
        let one = |n: usize| [with_code(zh[n], codes[n]), with_code(en, codes[n])];
        Fault::Ambiguous(vec![one(0), one(1)])
    };
    let wuwei = "Wuwei, Wuhu, Anhui Province";
    let both = several(["安徽省芜湖市无为县", "安徽省芜湖市无为市"], wuwei, ["340225", "340281"]);
    assert_eq!(resolve(wuwei, change, now), Err(both));
    let linxia = "Linxia, Linxia Hui Autonomous Prefecture, Gansu Province";
    let names = ["甘肃省临夏回族自治州临夏市", "甘肃省临夏回族自治州临夏县"];
    let both = several(names, linxia, ["622901", "622921"]);
    assert_eq!(resolve(linxia, now, now), Err(both.clone()));
    assert_eq!(asked(linxia), Err(both));
    // The own name alone is offered so too.
    let Err(Fault::Ambiguous(choices)) = resolve("Linxia", now, now) else { panic!("one was taken") };
    assert!(["622901", "622921"].iter().all(|code| choices.iter().any(|[_, en]| en.ends_with(code))));
    // Whatever a field is filled with or offers is read again as what it was, in either language.
    for region in regions().all().iter().filter(|region| region.level != RegionLevel::Zone) {
        let at = region.valid_from.or(region.valid_to).unwrap_or(now);
        for lang in Lang::ALL {
            let text = written(&region.code, at, lang);
            assert_eq!(resolve(&text, at, now).as_deref(), Ok(region.code.as_str()), "{text}");
            assert!(meant(&text).is_none_or(|code| code == region.code), "{text}");
        }
    }
    assert_eq!(written("330103", change, Lang::Zh), "浙江省杭州市下城区");
    for text in ["浙江省杭州市西湖区", "Xihu, Hangzhou, Zhejiang Province"] {
        assert_eq!(meant(text).as_deref(), Some("330106"), "{text}");
    }
    assert_eq!(meant("朝阳区"), None);
}

#[test]
fn a_province_reaches_over_its_counties_and_no_further() {
    let within = |area: &str, code: &str| {
        let (from, to) = range(area);
        from.as_str() <= code && code < to.as_str()
    };
    assert!(within("330000", "330103") && within("330000", "330000") && within("330100", "330103"));
    assert!(!within("330000", "340000") && !within("330100", "330203") && !within("330103", "330104"));
    assert!(within("330103", "330103"));
    assert_eq!(["44", "4401", "4400", "440000", "440106"].map(stem), ["44", "4401", "44", "44", "440106"]);
}

#[test]
fn a_list_is_asked_for_by_digits_and_by_names_that_are_gone_too() {
    for (text, code) in [
        ("44", "44"),
        ("440100", "440100"),
        ("广东省", "440000"),
        ("广州", "440100"),
        ("guangzhou", "440100"),
        ("浙江省杭州市下城区", "330103"),
        ("下城区", "330103"),
    ] {
        assert_eq!(asked(text).as_deref(), Ok(code), "{text}");
    }
    assert_eq!(asked("某地"), Err(Fault::Unknown));
    assert_eq!(asked("4401000"), Err(Fault::Unknown));
    assert!(matches!(asked("朝阳区"), Err(Fault::Ambiguous(_))));
}
