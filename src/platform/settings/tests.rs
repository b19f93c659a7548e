use super::*;

fn load(env: &[(&str, &str)], flags: Flags) -> Settings {
    let env: Vec<(String, String)> = env.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    Settings::load_with(flags, "/nonexistent", &|name| {
        env.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone())
    })
    .expect("settings")
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_default() {
    let by_env = load(&[("LEAD_HANDOFF_LISTEN", "127.0.0.1:9000")], Flags::default());
    assert_eq!(by_env.listen.port(), 9000);
    let flags = Flags { listen: Some("127.0.0.1:9001".into()), ..Flags::default() };
    let by_flag = load(&[("LEAD_HANDOFF_LISTEN", "127.0.0.1:9000")], flags);
    assert_eq!(by_flag.listen.port(), 9001);
    assert_eq!(load(&[], Flags::default()).base_url, "http://127.0.0.1:8080");
}

/// The names of the README's table, each row's first cell.
fn documented() -> Vec<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1)).map(str::to_owned).collect::<Vec<_>>();
    let names = cells.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let found: Vec<String> = names.map(str::to_owned).collect();
    assert!(found.len() > 15, "{found:?}");
    found
}

/// A value that each of them can have.
fn value_of(name: &str) -> &'static str {
    match name {
        "listen" => "127.0.0.1:9002",
        "trusted_proxies" => "127.0.0.1, 10.0.0.0/8",
        "base_url" => "https://desk.example",
        "database_url" => "postgres://us@db.example/desk",
        "master_key" => "env:DESK_KEY",
        "evidence_url" => "s3://desk/evidence",
        "scrub_days" => "45",
        "timestamp_url" => "http://tsa.example/tsr",
        "witnesses" => {
            "witness.example+5e3ffbc9+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW https://witness.example/witness"
        }
        "witness_of" => "log.example+8fc95d83+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "smtp_url" => "smtps://mail.example",
        "mail_from" => "desk@desk.example",
        "time_zone" => "Asia/Urumqi",
        "metrics" => "open",
        "rust_log" => "warn",
        "log_format" => "json",
        _ => "x",
    }
}

#[test]
fn every_documented_name_can_stand_in_the_file_and_is_shown() {
    let folder = tempfile::tempdir().expect("folder");
    // The file stands in the data folder, so it can't say where that is.
    let names: Vec<String> = documented().into_iter().filter(|name| name != "LEAD_HANDOFF_DATA").collect();
    let own = |name: &str| name.trim_start_matches("LEAD_HANDOFF_").to_lowercase();
    let lines: Vec<String> =
        names.iter().map(|name| own(name)).map(|n| format!("{n} = '{}'", value_of(&n))).collect();
    std::fs::write(folder.path().join("lead-handoff.toml"), lines.join("\n")).expect("written");
    let data = folder.path().display().to_string();
    let read = Settings::load_with(Flags::default(), &data, &|_| None).expect("settings");
    for name in &names {
        let shown = read.shown.iter().find(|(known, ..)| known == name);
        let (_, value, whence) = shown.unwrap_or_else(|| panic!("{name} is not shown"));
        assert_eq!((value.as_str(), *whence), (value_of(&own(name)), Whence::File), "{name}");
    }
    assert!(read.log_json && read.log == "warn" && read.metrics_open);
    let by_env = |name: &str| (name == "LEAD_HANDOFF_LOG_FORMAT").then(|| "text".to_owned());
    assert!(!Settings::load_with(Flags::default(), &data, &by_env).expect("settings").log_json);
}

#[test]
fn a_name_or_value_that_is_none_is_said() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().display().to_string();
    std::fs::write(folder.path().join("lead-handoff.toml"), "scrub_days = 14").expect("written");
    let read = Settings::load_with(Flags::default(), &data, &|_| None).expect("settings");
    assert_eq!((read.scrub_days, load(&[], Flags::default()).scrub_days), (14, 30));
    for (line, said) in [
        ("log_fromat = 'json'", "log_fromat"),
        ("log_format = 'xml'", "LOG_FORMAT"),
        ("scrub_days = 0", "SCRUB_DAYS"),
        ("scrub_days = 'often'", "SCRUB_DAYS"),
        ("timestamp_url = 'http://tsa.example'", "TIMESTAMP_CA"),
        ("witnesses = 'https://witness.example'", "WITNESSES"),
        ("witness_of = 'log.example'", "WITNESS_OF"),
    ] {
        std::fs::write(folder.path().join("lead-handoff.toml"), line).expect("written");
        let refused = Settings::load_with(Flags::default(), &data, &|_| None).expect_err("refused");
        assert!(refused.to_string().contains(said), "{refused}");
    }
}

#[test]
fn the_contact_of_letters_is_unset_until_it_is_said() {
    assert_eq!(load(&[], Flags::default()).contact, ContactSettings::default());
    let said = [
        ("LEAD_HANDOFF_CONTACT_ROLE", "线索移送专员"),
        ("LEAD_HANDOFF_CONTACT_PHONE", "0571-0000 0000"),
        ("LEAD_HANDOFF_CONTACT_ADDRESS", "示例路 1 号"),
    ];
    let contact = load(&said, Flags::default()).contact;
    assert_eq!((contact.role.as_str(), contact.phone.as_str()), ("线索移送专员", "0571-0000 0000"));
    assert_eq!(contact.address, "示例路 1 号");
}

#[test]
fn a_password_in_a_url_is_never_shown() {
    let s = load(&[("LEAD_HANDOFF_SMTP_URL", "smtps://us:sesame@mail.example")], Flags::default());
    let shown = s.shown.iter().find(|(name, ..)| *name == "LEAD_HANDOFF_SMTP_URL").expect("shown");
    assert!(!shown.1.contains("sesame"), "{}", shown.1);
    assert_eq!(s.smtp_url.as_deref(), Some("smtps://us:sesame@mail.example"));
    let s = load(&[("DATABASE_URL", "postgres://us@host/db?password=sesame")], Flags::default());
    let shown = s.shown.iter().find(|(name, ..)| *name == "DATABASE_URL").expect("shown");
    assert!(!shown.1.contains("sesame") && shown.1.contains("us@host/db"), "{}", shown.1);
}
