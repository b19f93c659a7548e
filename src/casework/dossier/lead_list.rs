//! The statutory list of electronic data of a lead's own items, whatever of them goes into a dossier: drawn as a dossier
//! draws its list, in Chinese, to be signed.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, web};

use super::{
    compile,
    compose::few_enough,
    dossier_pdf, dossier_tables as tables, evidence_list,
    facts::{Item, SealedMedium},
    pdf_words,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{custody_sheet::Format, sealing::store as sealing, store as evidence},
        lead::{self, model::Lead},
    },
    directory::people::CaseReader,
    platform::{
        db::{Connection, Id, Instant, blocking},
        error::{AppError, Result},
        i18n::{self, Lang},
        pdf::{Flow, Frame, Ink, Margins, Meta, Setup, Style, Words},
        services::Services,
        sheet,
        time::{self, Tz},
    },
};

const TITLE: &str = "电子数据清单";

/// What the list says.
struct List {
    number: String,
    title: String,
    charges: String,
    items: Vec<Item>,
    /// Numbers of the items that are marked do-not-disclose.
    marked: HashSet<u32>,
    organisation: String,
    by: String,
    at: Instant,
    zone: Tz,
    synthetic: bool,
}

fn read(conn: &mut Connection, lead: &Lead) -> Result<(Vec<Item>, HashSet<u32>, Vec<String>)> {
    few_enough(evidence::count_of_lead(conn, lead.id)?)?;
    let rows = evidence::of_lead(conn, lead.id)?;
    let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
    let records = sealing::of_items(conn, &ids)?;
    let number = |row: &evidence::Item| u32::try_from(row.position).map_err(AppError::internal);
    let mut number_of: HashMap<Id, u32> = HashMap::new();
    for row in &rows {
        number_of.insert(row.id, number(row)?);
    }
    let (mut items, mut marked) = (Vec::new(), HashSet::new());
    for row in &rows {
        let records = records.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let sealings = SealedMedium::of(records, &|photo| number_of.get(&photo).copied());
        let n = number(row)?;
        // It has no place in any package.
        items.push(Item { path: row.name.clone(), sealings, ..compile::item(row, n) });
        if row.withheld {
            marked.insert(n);
        }
    }
    Ok((items, marked, lead::store::charges_of(conn, lead.id)?))
}

/// `GET /leads/{id}/evidence/list.pdf`, `GET /leads/{id}/evidence/list.csv`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, String)>,
) -> Result<HttpResponse> {
    let (id, format) = path.into_inner();
    let format = Format::read(&format)?;
    let actor = me.clone();
    let found = services.db.read_snapshot(move |conn| {
        let lead = lead::store::find_visible(conn, &actor, id)?;
        let (items, marked, charges) = read(conn, &lead)?;
        Ok((lead, items, marked, charges))
    });
    let (lead, items, marked, charges) = found.await?;
    let entry = Entry::new("evidence.data_list").object("lead", id);
    let entry = entry.objects("evidence", items.iter().map(|item| item.evidence_id));
    let entry = entry.fact("format", format.as_str()).fact("rows", items.len());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (zone, now) = (services.settings.time_zone, services.db.now());
    let name = |code: &String| compile::charge(code, lead.facts_date(), time::day_of(now, zone)).name_zh;
    let list = List {
        charges: charges.iter().map(name).collect::<Vec<_>>().join("、"),
        items,
        marked,
        organisation: services.settings.organisation.clone(),
        by: me.signature(),
        at: now,
        zone,
        synthetic: services.is_demo || lead.synthetic,
        number: lead.number,
        title: lead.title,
    };
    let file = format!("evidence-list-{}.{}", list.number, format.as_str());
    let bytes = blocking(move || match format {
        Format::Pdf => list.pdf(),
        Format::Csv => evidence_list::of_lead(&list.items, &list.marked, list.zone),
    });
    Ok(sheet::download(bytes.await?, format.media_type(), &file))
}

impl List {
    fn pdf(mut self) -> Result<Vec<u8>> {
        let made = pdf_words::moment(self.at, self.zone.name());
        let mut flow = Flow::new(Setup {
            meta: Meta {
                title: format!("{TITLE} {}", self.number),
                author: self.organisation.clone(),
                subject: self.title.clone(),
                keywords: vec![self.number.clone()],
                language: "zh-CN",
                made_at: self.at.utc(),
            },
            margins: Margins::REPORT,
            words: Words { missing_text: i18n::t(Lang::Zh, "custody-missing"), ..Words::zh() },
            synthetic: self.synthetic,
        });
        let left = Style::BODY.flush();
        flow.paragraph(&self.organisation, Style { after: 6.0, ..left.sized(11.0) });
        flow.bookmark(1, TITLE);
        flow.paragraph(TITLE, Style { after: 8.0, ..left.bold().sized(20.0) });
        flow.rule(Ink::ACCENT, 1.2);
        flow.space(10.0);
        let marked = match self.marked.len() {
            0 => String::new(),
            n => format!("，其中标记为不予披露的{n}项"),
        };
        flow.facts(&[
            ("线索编号", self.number.clone()),
            ("线索名称", self.title.clone()),
            ("案由", pdf_words::or_none(&self.charges)),
            ("提供人（持有人）", self.organisation.clone()),
            ("校验值算法", "SHA-256、SM3（GB/T 32905）".into()),
            ("数量", format!("{}项{marked}", self.items.len())),
            ("制作", format!("{made}　{}", self.by)),
        ]);
        if self.items.is_empty() {
            flow.paragraph("本线索没有材料。", Style::BODY);
        } else {
            for item in self.items.iter_mut().filter(|item| self.marked.contains(&item.number)) {
                item.description = format!("［标记为不予披露］{}", item.description);
            }
            tables::items(&mut flow, &self.items, self.zone.name());
        }
        dossier_pdf::list_signatures(&mut flow, &self.items, "序号中断处为已移除的材料。");
        let head = format!("{}　{}", self.organisation, self.number);
        let framed = |_: usize, _: usize| Frame {
            head_left: head.clone(),
            head_right: TITLE.into(),
            foot: vec![made.clone()],
            numbered: true,
        };
        flow.finish(&framed).map_err(AppError::internal)
    }
}
