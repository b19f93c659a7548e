//! The duties of each role, in words and links.

use chrono_tz::Tz;

use super::{
    counts,
    forwards::{self, Forward},
    pages::{Duty, Item},
    papers, read,
    transfers::{self, TransferRow, Waiting},
};
use crate::{
    casework::dossier::waiting::Waits as DossierWaits,
    directory::people::Actor,
    handover::waiting::{Waits, case_papers},
    platform::{
        db::{Connection, Instant},
        error::Result,
        http::{
            layout::Chrome,
            list_head::{COUNTED, up_to},
            view::{Chip, MadeUp, Tone},
        },
        paths, time,
    },
};

/// What is due within so many days is due soon.
const SOON: i64 = 3;
/// The drafts that an approver sent back, the last that was changed first.
const RETURNED_LIST: &str = "/leads?state=draft&owner=me&returned=yes&sort=-updated";

/// When, where and for whom the page is made.
pub struct At<'a> {
    pub c: &'a Chrome,
    pub me: &'a Actor,
    pub now: Instant,
    pub zone: Tz,
}

/// What a line is called by. A number is its agency's own, and two of them may bear the same: the title tells them apart,
/// but where it was erased.
pub(super) fn named(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

impl At<'_> {
    fn pick(&self, names: &(String, String)) -> String {
        self.c.language.pick(&names.0, &names.1).to_owned()
    }

    pub(super) fn when(&self, at: Instant) -> String {
        time::format_instant(at, self.zone, self.c.language)
    }

    /// Overdue, due soon, or nothing.
    fn due_chip(&self, due: Option<Instant>) -> Option<Chip> {
        let due = due?;
        if due < self.now {
            Some(Chip::new(self.c.t("overdue"), Tone::Bad))
        } else if due <= self.now.plus_seconds(SOON * 86_400) {
            Some(Chip::new(self.c.t("home-due-soon"), Tone::Warn))
        } else {
            None
        }
    }

    fn due_note(&self, due: Option<Instant>) -> String {
        due.map_or_else(String::new, |due| self.c.tv("story-due-on", "date", self.when(due)))
    }

    pub(super) fn duty(&self, id: &'static str, count: i64, href: &str, items: Vec<Item>) -> Duty {
        Duty {
            id,
            title: self.c.t(format!("home-{id}")),
            count: self.counted(count),
            href: href.to_owned(),
            items,
            remark: String::new(),
        }
    }

    /// What was counted no further than [`COUNTED`], as the lists show it.
    pub(super) fn counted(&self, count: i64) -> String {
        up_to(count.unsigned_abs(), COUNTED.unsigned_abs())
    }

    /// A duty whose rows are all on the page; more than fit are said to be more.
    pub(super) fn whole(&self, id: &'static str, items: Vec<Item>) -> Duty {
        let count = i64::try_from(items.len()).unwrap_or(read::SHOWN);
        let more = count >= read::SHOWN;
        let remark = if more { self.c.tn("home-first", read::SHOWN) } else { String::new() };
        Duty { remark, ..self.duty(id, count, "", items) }
    }

    fn lead(&self, row: read::LeadRow) -> Item {
        Item {
            label: format!("{} {}", row.number, row.title),
            href: paths::lead(row.id),
            note: self.c.tv("home-changed", "date", self.when(row.updated_at)),
            chip: None,
            due: None,
            object: Some(("lead", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }

    fn transfer(&self, row: TransferRow) -> Item {
        let state = self.c.t(format!("story-transfer-{}", row.state.replace('_', "-")));
        let revoked = row.is_revoked && self.me.agency.is_none();
        let mut notes = vec![if revoked { self.c.t("home-revoked") } else { state }];
        let due = self.due_note(row.next_due_at);
        notes.extend((!due.is_empty()).then_some(due));
        Item {
            label: match self.me.agency {
                Some(_) => named(&[&row.number, &row.title]),
                None => named(&[&row.number, self.pick(&row.agency).as_str(), &row.title]),
            },
            href: paths::transfer(row.id),
            note: notes.join(" · "),
            chip: self.due_chip(row.next_due_at),
            due: row.next_due_at,
            object: Some(("transfer", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }

    fn outcome(&self, row: read::OutcomeRow) -> Item {
        let mut note = time::format_date(row.happened_on, self.c.language);
        if self.me.agency.is_none() {
            note = format!("{} · {note}", self.pick(&row.agency));
        }
        let kind = self.c.t(format!("story-outcome-{}", row.kind.replace('_', "-")));
        let (number, title) = row.case.unwrap_or_default();
        let case = if number.is_empty() { title } else { number };
        Item {
            label: named(&[&kind, &case]),
            href: paths::outcome(row.id),
            note,
            chip: None,
            due: None,
            object: Some(("outcome", row.id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    }
}

/// 编制人、管理者: what only a second person records, and what nobody else than the platform can do: where nobody at the
/// agency can sign in, where a forward waits, what an accuser may ask for, and what is to be sent anew once a
/// decision was revoked.
pub fn recorder(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let case = |row: papers::CasePaperRow| {
        let number = if row.number.is_empty() { at.c.t("case-no-number") } else { row.number };
        let taken_in = at.c.tv("home-scan-taken-in", "date", at.when(row.at));
        Item {
            label: format!("{number} · {}", at.pick(&row.agency)),
            href: paths::case(row.case_id),
            note: format!("{} · {taken_in}", row.title),
            chip: None,
            due: None,
            object: Some(("case", row.case_id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    };
    let forward = |Forward { row, from, held }: Forward| {
        let to = at.c.tv("home-forward-to", "agency", at.pick(&row.agency));
        let why = held.map_or_else(String::new, |(hold, number)| {
            at.c.tv(&format!("home-forward-{}", hold.as_str()), "number", number)
        });
        Item {
            label: named(&[&row.number, at.pick(&from).as_str(), &row.title]),
            href: paths::transfer(row.transfer_id),
            note: named(&[&row.lead_number, &to, &why]),
            chip: None,
            due: None,
            object: Some(("transfer", row.transfer_id)),
            made_up: MadeUp::of(row.synthetic, ""),
        }
    };
    let (cases, cases_count) = papers::case_papers(conn, at.me.id)?;
    let cases_list = format!("{}?waits={}", paths::CASES, case_papers::WORD);
    let forwards = forwards::waiting(conn, at.me)?.into_iter().map(forward).collect();
    // Who sent it gets hold of the paper, and somebody else records from it: the scan takes it to their page.
    let by_paper = Duty { remark: at.c.t("home-paper-second"), ..waits(conn, at, Waits::ByPaper)? };
    Ok(vec![
        waits(conn, at, Waits::Receipts)?,
        at.duty("case-papers", cases_count, &cases_list, cases.into_iter().map(case).collect()),
        waits(conn, at, Waits::Remedy)?,
        waits(conn, at, Waits::Revoked)?,
        by_paper,
        shown(conn, at, Waits::Forwards, forwards)?,
    ])
}

/// 编制人
pub fn compiler(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let me = at.me.id;
    let supplement = |row: read::SupplementRow| Item {
        label: named(&[&row.number, at.pick(&row.agency).as_str(), &row.title]),
        href: paths::transfer(row.transfer_id),
        note: [row.lead_number, at.due_note(row.due_at)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        chip: at.due_chip(row.due_at),
        due: row.due_at,
        object: Some(("transfer", row.transfer_id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let dossier = |row: read::DossierRow| Item {
        label: at.c.ta(
            "home-dossier",
            &[
                ("number", &row.lead_number),
                ("version", &row.version.to_string()),
                ("agency", &at.pick(&row.agency)),
            ],
        ),
        href: match row.packed_at {
            Some(_) => format!("{}/new?dossier={}", paths::TRANSFERS, row.id),
            None => paths::dossier(row.id),
        },
        note: at.c.t(if row.packed_at.is_some() { "home-dossier-ready" } else { "home-dossier-working" }),
        chip: None,
        due: None,
        object: Some(("dossier", row.id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let supplements = read::supplements(conn, at.me)?.into_iter().map(supplement).collect();
    let returned: Vec<Item> = read::returned(conn, me)?.into_iter().map(|row| at.lead(row)).collect();
    let returned_count = all(&returned, || counts::returned(conn, me))?;
    let drafts = drafts(conn, at, returned_count)?;
    let mut dossiers = |which: DossierWaits| -> Result<Duty> {
        let items: Vec<Item> = read::dossiers(conn, me, which)?.into_iter().map(dossier).collect();
        let count = all(&items, || read::count_dossiers(conn, me, which))?;
        let href = format!("{}?waits={which}", paths::DOSSIERS);
        Ok(at.duty(which.as_str(), count, &href, items))
    };
    let (unsent, freezing) = (dossiers(DossierWaits::Unsent)?, dossiers(DossierWaits::Freezing)?);
    Ok(vec![
        shown(conn, at, Waits::Supplements, supplements)?,
        waits(conn, at, Waits::Back)?,
        at.duty("returned", returned_count, RETURNED_LIST, returned),
        unsent,
        waits(conn, at, Waits::Answer)?,
        own_outcomes(conn, at)?,
        rejected(conn, at)?,
        freezing,
        drafts,
    ])
}

/// The drafts that never came back; the list has the others too, which stand in a place of their own above.
fn drafts(conn: &mut Connection, at: &At<'_>, returned: i64) -> Result<Duty> {
    let items: Vec<Item> = read::drafts(conn, at.me.id)?.into_iter().map(|row| at.lead(row)).collect();
    let all = if items.is_empty() { 0 } else { counts::drafts(conn, at.me.id)? };
    let mut duty = at.duty("drafts", all, "/leads?state=draft&owner=me", items);
    if all > 0 && returned > 0 {
        duty.remark = at.c.tn("home-drafts-returned", at.counted(returned));
    }
    Ok(duty)
}

/// 审核人
pub fn approver(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    let item = |row: read::ReviewRow| Item {
        label: format!("{} {}", row.lead_number, row.title),
        href: paths::approval(row.id),
        note: at.c.tv("home-submitted", "date", at.when(row.submitted_at)),
        chip: None,
        due: None,
        object: Some(("review", row.id)),
        made_up: MadeUp::of(row.synthetic, ""),
    };
    let items: Vec<Item> = read::reviews(conn, at.me.id)?.into_iter().map(item).collect();
    let (mine, others) = counts::reviews(conn, at.me.id)?;
    let mut duty = at.duty("reviews", mine, "/approvals?acts=me", items);
    if others > 0 {
        duty.remark = at.c.tn("home-reviews-own", at.counted(others));
    }
    Ok(vec![duty])
}

/// 管理者
pub fn manager(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    Ok(vec![overdue(conn, at)?, waits(conn, at, Waits::Asked)?, outcomes(conn, at)?, rejected(conn, at)?])
}

/// The first of them, and how many there are, counted no further than [`COUNTED`].
fn rows(conn: &mut Connection, at: &At<'_>, which: Waiting) -> Result<(Vec<Item>, i64)> {
    // Under the heading that says so, a line says where the transfer stands.
    let says = which == Waiting::For(Waits::Revoked);
    let shown = |row: TransferRow| at.transfer(TransferRow { is_revoked: row.is_revoked && !says, ..row });
    let (found, count) = transfers::waiting(conn, at.me, which)?;
    Ok((found.into_iter().map(shown).collect(), count))
}

/// How many there are of what is shown: counted only where more may be there than were read.
pub(super) fn all(items: &[Item], count: impl FnOnce() -> Result<i64>) -> Result<i64> {
    match i64::try_from(items.len()) {
        Ok(shown) if shown < read::SHOWN => Ok(shown),
        _ => count(),
    }
}

fn overdue(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let (items, count) = rows(conn, at, Waiting::Overdue(at.now))?;
    let duty = at.duty("overdue", count, "/transfers?overdue=yes&sort=due", items);
    Ok(Duty { count: at.counted(count), ..duty })
}

/// What waits for the reader's side so, with the list of all of it.
fn waits(conn: &mut Connection, at: &At<'_>, which: Waits) -> Result<Duty> {
    let (items, count) = rows(conn, at, Waiting::For(which))?;
    Ok(listed(at, which, count, items))
}

/// The same with rows of its own.
fn shown(conn: &mut Connection, at: &At<'_>, which: Waits, items: Vec<Item>) -> Result<Duty> {
    let count = all(&items, || transfers::count(conn, at.me, Waiting::For(which)))?;
    Ok(listed(at, which, count, items))
}

fn listed(at: &At<'_>, which: Waits, count: i64, items: Vec<Item>) -> Duty {
    let href = format!("{}?waits={}&sort=due", paths::TRANSFERS, which.as_str());
    Duty { count: at.counted(count), ..at.duty(which.as_str(), count, &href, items) }
}

/// What the reader's side asserted and the other side did not confirm.
fn rejected(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let items: Vec<Item> = read::rejected(conn, at.me)?.into_iter().map(|row| at.outcome(row)).collect();
    let count = all(&items, || counts::rejected(conn, at.me))?;
    Ok(at.duty("rejected-outcomes", count, "/outcomes?waits=rejected", items))
}

fn outcomes(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let items: Vec<Item> =
        read::outcomes(conn, at.me, false)?.into_iter().map(|row| at.outcome(row)).collect();
    let count = all(&items, || counts::outcomes(conn, at.me, false))?;
    Ok(at.duty("outcomes", count, "/outcomes?waits=me", items))
}

/// Those of cases of the reader's own leads.
fn own_outcomes(conn: &mut Connection, at: &At<'_>) -> Result<Duty> {
    let items: Vec<Item> =
        read::outcomes(conn, at.me, true)?.into_iter().map(|row| at.outcome(row)).collect();
    let count = all(&items, || counts::outcomes(conn, at.me, true))?;
    Ok(at.duty("own-outcomes", count, "/outcomes?waits=own-leads", items))
}

/// 联络员: everything that waits for the own agency, by due date.
pub fn liaison(conn: &mut Connection, at: &At<'_>) -> Result<Vec<Duty>> {
    Ok(vec![
        overdue(conn, at)?,
        waits(conn, at, Waits::Acknowledge)?,
        waits(conn, at, Waits::Version)?,
        waits(conn, at, Waits::Forward)?,
        waits(conn, at, Waits::Decide)?,
        waits(conn, at, Waits::Filing)?,
        waits(conn, at, Waits::Handling)?,
        waits(conn, at, Waits::NotFiled)?,
        waits(conn, at, Waits::Answer)?,
        outcomes(conn, at)?,
        rejected(conn, at)?,
    ])
}
