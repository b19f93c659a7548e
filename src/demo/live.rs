//! A few open leads dated today, through the real acts: evidence drawn by the program, a composition frozen, approved
//! and sealed, one sent to each liaison's agency, one waiting for approval, one in draft. All of it synthetic.

use std::{collections::BTreeMap, io::Cursor};

use chrono::{Days, NaiveDate};
use diesel::prelude::*;

use super::{accounts::Account, appraisal, orders};
use crate::{
    audit,
    casework::{
        approval,
        dossier::{
            self, compose,
            model::{Addressed, Plan},
        },
        evidence::{
            actions as evidence,
            model::{Details, Kind},
            sales,
        },
        lead::{
            self,
            input::{Input, ListingInput, SiteInput, SubjectInput},
            model::{SiteRole, SourceKind, SubjectKind},
        },
    },
    directory::people::{self, Actor, Approver, Compiler, second_factor},
    handover::{
        delivery::actions::{Sending, send},
        transfer::{actions::By, model::Channel},
    },
    platform::{
        db::{
            Id, Instant, Tx,
            schema::{agency, job, mail_message, person, second_factor as factors},
        },
        error::{AppError, Plain, Result},
        money::{Amount, Basis, Fen, Qualifier},
        services::Services,
        time,
    },
};

pub(super) struct Live {
    /// Which of them it is: its shop, its warehouse and its listing are numbered by it. With one in common two of them would
    /// be taken for the same matter.
    no: u32,
    title: &'static str,
    goods: &'static str,
    charge: &'static str,
    region: &'static str,
    agency: &'static str,
    /// How far it goes: 0 draft, 1 in review, 2 sent.
    way: u8,
}

impl Live {
    fn listing(&self) -> String {
        format!("https://shop.example/item/{}", 1000 + self.no)
    }

    /// Whether its tables of orders are marked as sales records: on one that was sent, and on the draft, which may be worked on.
    fn shows_sales(&self) -> bool {
        matches!(self.no, 1 | 4)
    }
}

/// The open leads.
pub(super) const LIVE: [Live; 4] = [
    Live {
        no: 1,
        title: "疑似销售假冒手表的店铺（合成）",
        goods: "手表",
        charge: "CL214",
        region: "440100",
        agency: "PS-ECD-440100",
        way: 2,
    },
    Live {
        no: 2,
        title: "疑似无证销售假冒化妆品的店铺（合成）",
        goods: "化妆品",
        charge: "CL214",
        region: "330100",
        agency: "SAMR-330100",
        way: 2,
    },
    Live {
        no: 3,
        title: "疑似生产假冒箱包的作坊（合成）",
        goods: "箱包",
        charge: "CL213",
        region: "440100",
        agency: "PS-ECD-440100",
        way: 1,
    },
    Live {
        no: 4,
        title: "疑似销售假冒运动鞋的账号（合成）",
        goods: "运动鞋",
        charge: "CL214",
        region: "350300",
        agency: "PS-ECD-350300",
        way: 0,
    },
];

/// Brings the open leads in; `step` is told of each that is done. Mail that these acts would send is taken out of the
/// queue again: loading sends none.
///
/// # Errors
/// Those of the database and of the vault.
pub(super) fn load(
    services: &Services,
    accounts: &[Account],
    settle: &dyn Fn(&Services) -> Result<()>,
    step: &mut dyn FnMut(),
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let compiler = Compiler::admit(actor(services, "compiler")?)?;
    let approver = Approver::admit(actor(services, "approver")?)?;
    for (n, live) in LIVE.iter().enumerate() {
        if n > 0 {
            step();
        }
        let lead_id = draft(services, &runtime, &compiler, live)?;
        if live.way == 0 {
            continue;
        }
        let plan = plan(services, lead_id, live)?;
        let (who, zone) = (compiler.clone(), services.settings.time_zone);
        let compose = move |tx: &mut Tx<'_>| compose::compose(tx, &who, lead_id, &plan, zone);
        let composed = services.db.write_now(compiler.origin(), compose)?;
        settle(services)?;
        let (who, parts) = (compiler.clone(), services.clone());
        let review = services.db.write_now(compiler.origin(), move |tx| {
            let review = approval::actions::submit(tx, &parts, &who, lead_id)?;
            hush(tx)?;
            Ok(review)
        })?;
        if live.way == 1 {
            continue;
        }
        approve(services, &runtime, &approver, accounts, review.id, composed.composition_id)?;
        settle(services)?;
        let (who, zone) = (compiler.clone(), services.settings.time_zone);
        for dossier in composed.dossiers {
            let who = who.clone();
            services.db.write_now(compiler.origin(), move |tx| {
                let sending = Sending {
                    dossier,
                    channel: Channel::Portal,
                    handed_on: None,
                    handed_by: String::new(),
                    handed_to: String::new(),
                    tracking_number: String::new(),
                    encrypted_to: None,
                };
                let by = By::sender(&who, tx.now(), zone);
                send(tx, &who, &sending, &by)?;
                hush(tx)
            })?;
        }
    }
    settle(services)?;
    step();
    Ok(())
}

fn actor(services: &Services, username: &str) -> Result<Actor> {
    let name = username.to_owned();
    services.db.read_now(move |conn| {
        let id: Id = person::table.filter(person::username.eq(name)).select(person::id).first(conn)?;
        people::store::actor(conn, id)
    })
}

fn draft(services: &Services, runtime: &tokio::runtime::Runtime, me: &Compiler, live: &Live) -> Result<Id> {
    let zone = services.settings.time_zone;
    let today = time::day_of(services.db.now(), zone);
    let input = Input {
        title: live.title.into(),
        summary: format!(
            "合成线索：店铺以明显低于市场的价格销售标有“示例品牌”字样的{}，买家多次反映为假货；测试购买的样品与正品存在明显差异。",
            live.goods
        ),
        region_code: live.region.into(),
        occurred_from: today.checked_sub_days(Days::new(90)),
        occurred_to: today.checked_sub_days(Days::new(2)),
        value: Some(Amount {
            fen: Fen(38_600_000),
            qualifier: Qualifier::Estimated,
            basis: Basis::ListPrice,
        }),
        source_kind: SourceKind::TestPurchase,
        charges: vec![live.charge.into()],
        brands: vec!["示例品牌".into()],
        subjects: vec![SubjectInput {
            kind: SubjectKind::Shop,
            name: format!("示例{}店（合成）", live.goods),
            identifier: format!("SYN-SHOP-{}", 1000 + live.no),
            region_code: None,
            note: String::new(),
            part: "销售店铺".into(),
        }],
        sites: vec![SiteInput {
            address: format!("合成路 {} 号仓库", live.no),
            region_code: live.region.into(),
            role: SiteRole::Storage,
            note: "退货地址与发货地址一致".into(),
        }],
        listings: vec![ListingInput {
            url: live.listing(),
            title: format!("示例{}（合成商品）", live.goods),
            ..ListingInput::default()
        }],
        synthetic: true,
        ..Input::default()
    };
    let owner = me.id;
    let lead_id = services.db.write_now(me.origin(), move |tx| {
        let now = tx.now();
        let lead = lead::actions::insert(tx, owner, now, zone, &input)?;
        audit::record(tx, lead::actions::created_entry(&lead, &input))?;
        Ok(lead.id)
    })?;
    for (name, kind, bytes, source) in files(live, services.db.now(), today)? {
        let is_table = name.starts_with("交易记录");
        let quantity = quantity(&name, &bytes);
        let stored = runtime.block_on(services.vault.store_bytes(bytes, &name))?;
        let details = Details {
            source,
            collected_by: "编制人甲".into(),
            collected_at: Some(services.db.now().plus_seconds(-86_400)),
            method: "网页截图、后台导出（合成）".into(),
            tool: "演示程序".into(),
            holder: "平台（提供人）".into(),
            description: "演示用合成材料".into(),
            quantity,
            remark: if is_table { "后台导出，未作增删改" } else { "" }.into(),
            witness: if name.starts_with("样品照片") { "见证人甲" } else { "" }.into(),
            ..Details::default()
        };
        let arrived = evidence::Arrived { name, kind, stored };
        let who = me.clone();
        let done = services
            .db
            .write_now(me.origin(), move |tx| evidence::register(tx, &who, lead_id, &[arrived], &details))?;
        for key in done.surplus {
            runtime.block_on(services.vault.delete(key))?;
        }
        for item in done.ids.into_iter().filter(|_| is_table && live.shows_sales()) {
            runtime.block_on(sales::mark_as_guessed(services, me, item))?;
        }
    }
    Ok(lead_id)
}

/// How many pieces a file is, or how many rows a list has under its head.
fn quantity(name: &str, bytes: &[u8]) -> String {
    match name.rsplit('.').next() {
        Some("png") => "1 张".into(),
        Some("csv") => {
            let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
            format!("{} 条记录", lines.saturating_sub(1))
        }
        _ => "1 份".into(),
    }
}

type File = (String, Kind, Vec<u8>, String);

/// Pictures, a table, a paper and a note, made for the purpose.
fn files(live: &Live, now: Instant, today: NaiveDate) -> Result<Vec<File>> {
    let note = format!(
        "测试购买记录（合成）：买入示例{}一件，外包装无正品防伪标识，做工粗糙，与品牌方样品比对存在明显差异。",
        live.goods
    );
    let mut files: Vec<File> = vec![
        ("商品页面截图.png".into(), Kind::File, picture(live.goods.len() as u8, false)?, live.listing()),
        ("样品照片.png".into(), Kind::File, picture(live.title.len() as u8, true)?, "测试购买样品".into()),
        ("样品比对说明.pdf".into(), Kind::File, appraisal::pdf(live.goods, now)?, "示例品牌（合成）".into()),
        ("交易记录.csv".into(), Kind::File, orders::list(live.goods, today), "平台交易系统".into()),
        ("测试购买记录.txt".into(), Kind::Fact, note.into_bytes(), "测试购买".into()),
    ];
    if live.way == 0 {
        let book = orders::workbook(live.goods, today)?;
        files.push(("交易记录补充.xlsx".into(), Kind::File, book, "平台交易系统".into()));
    }
    Ok(files)
}

/// A drawing that looks like a page with a product, or like a photographed sample.
fn picture(seed: u8, sample: bool) -> Result<Vec<u8>> {
    let (w, h) = (960u32, 640u32);
    let image = image::RgbImage::from_fn(w, h, |x, y| {
        let (cx, cy) = (f64::from(x) - 480.0, f64::from(y) - 320.0);
        let r = (cx * cx + cy * cy).sqrt();
        if sample && r < 190.0 {
            let shade = (210.0 - r / 2.0) as u8;
            return image::Rgb([shade, shade.saturating_sub(seed), 90]);
        }
        if !sample && y < 70 {
            return image::Rgb([40, 70, 110]);
        }
        if !sample && (60..430).contains(&x) && (110..520).contains(&y) {
            return image::Rgb([200u8.saturating_sub(seed), 190, 170]);
        }
        let row = (y.wrapping_sub(110)) / 46;
        if !sample
            && (480..900).contains(&x)
            && (110..520).contains(&y)
            && (y.wrapping_sub(110)) % 46 < 16
            && x < 880 - row * 37 % 200
        {
            return image::Rgb([90, 95, 105]);
        }
        image::Rgb([245, 245, 242])
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).map_err(AppError::internal)?;
    Ok(bytes.into_inner())
}

fn plan(services: &Services, lead_id: Id, live: &Live) -> Result<Plan> {
    services.db.read_now(|conn| {
        let agency_id: Id =
            agency::table.filter(agency::code.eq(live.agency)).select(agency::id).first(conn)?;
        let items = crate::casework::evidence::store::of_lead(conn, lead_id)?;
        Ok(Plan {
            version: None,
            evidence: items.iter().map(|item| item.id).collect(),
            addressees: vec![Addressed { agency_id, withheld: Default::default() }],
            note: "首次移送".into(),
        })
    })
}

fn approve(
    services: &Services,
    runtime: &tokio::runtime::Runtime,
    approver: &Approver,
    accounts: &[Account],
    review: Id,
    composition: Id,
) -> Result<()> {
    let account = accounts.iter().find(|a| a.username == "approver");
    let secret = account.map(|a| a.totp_secret.as_str()).unwrap_or_default();
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).map_err(AppError::internal)?;
    let attempt = runtime.block_on(second_factor::attempt(services, approver))?;
    let who = approver.clone();
    services.db.write_now(approver.origin(), move |tx| {
        // The step of the clock that the loader uses up is given back: the approver may sign in at once.
        forget_step(tx, who.id)?;
        let code = second_factor::model::totp(&secret, &who.username)?
            .generate(u64::try_from(tx.now().micros() / 1_000_000).unwrap_or(0));
        let mut seen = BTreeMap::new();
        for (id, manifest) in dossier::store::manifests(tx.conn(), composition)? {
            seen.insert(
                id,
                manifest
                    .ok_or_else(|| AppError::internal(Plain("the demo's dossier is not frozen".into())))?,
            );
        }
        let code = code.to_string();
        approval::actions::approve(tx, &who, review, &seen, "", approval::Showing::Code(&attempt, &code))?;
        forget_step(tx, who.id)?;
        hush(tx)
    })
}

fn forget_step(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    diesel::update(factors::table.find(id)).set(factors::last_step.eq(0)).execute(tx.conn())?;
    Ok(())
}

/// Takes the notices of this act out of the queue.
fn hush(tx: &mut Tx<'_>) -> Result<()> {
    diesel::delete(mail_message::table.filter(mail_message::state.eq("queued"))).execute(tx.conn())?;
    diesel::delete(
        job::table.filter(job::kind.eq(crate::platform::notice::JOB)).filter(job::state.eq("queued")),
    )
    .execute(tx.conn())?;
    Ok(())
}
