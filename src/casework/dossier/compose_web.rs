//! The form that composes a version.

use std::collections::{BTreeSet, HashMap};

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    LONGEST_NOTE,
    addressees::{Candidates, candidates, unpicked},
    compose,
    compose_page::{Agencies, ItemChoice, NewPage, withhold_field},
    many,
    model::{Addressed, Plan, Withholding},
    package::MOST_ITEMS,
    photographs::Photographs,
    store,
};
use crate::{
    audit::{self, Entry},
    casework::{
        evidence::{self, store::Item},
        lead::{
            self,
            model::Lead,
            pages::{Unlisted, labels_of},
        },
    },
    directory::{
        agencies,
        people::{Compiler, session},
    },
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, html, invalid, see_other, view::Link},
        i18n::{self, Lang},
        numbers::{format_numbers, parse_numbers},
        paths,
        services::Services,
        time,
    },
};

/// Most characters of the numbers that one agency does not get.
const LONGEST_NUMBERS: usize = 4_000;

const PREFIX: &str = "dossier-field-";

/// What the form is made of.
struct Material {
    lead: Lead,
    /// As many as a dossier holds, the first ones of the lead.
    items: Vec<Item>,
    has_more: bool,
    candidates: Candidates,
    next: i32,
    last: Option<Last>,
    /// By agency, the numbers in the lead's list that its own newest version kept back from it.
    kept_back: HashMap<Id, String>,
    /// What the lead lacks before it can be submitted: better known before its papers are made.
    missing: Vec<FieldError>,
    /// The parts of it of which there is nothing.
    unlisted: Vec<&'static str>,
    photographs: Photographs,
}

/// The version before: whom it was for and what was in it.
struct Last {
    made_at: Instant,
    items: Vec<Id>,
    agencies: Vec<Id>,
}

impl Last {
    fn of(conn: &mut Connection, lead_id: Id) -> Result<Option<Self>> {
        let Some(last) = store::compositions(conn, lead_id)?.into_iter().next() else { return Ok(None) };
        let dossiers = store::of_composition(conn, last.id)?;
        Ok(Some(Self {
            made_at: last.created_at,
            items: store::items(conn, last.id)?.into_iter().map(|(id, _)| id).collect(),
            agencies: dossiers.iter().map(|one| one.agency_id).collect(),
        }))
    }
}

/// What each agency's newest version kept back from it, whichever version that was.
fn kept_back(conn: &mut Connection, lead_id: Id, items: &[Item]) -> Result<HashMap<Id, String>> {
    let mut newest: HashMap<Id, (i32, Id)> = HashMap::new();
    for one in store::of_lead(conn, lead_id)? {
        let known = newest.entry(one.agency_id).or_insert((one.version, one.id));
        *known = (*known).max((one.version, one.id));
    }
    let ids: Vec<Id> = newest.values().map(|(_, id)| *id).collect();
    let withheld = many::kept_back(conn, &ids, Withholding::FromAddressee.as_str())?;
    let positions: HashMap<Id, i32> = items.iter().map(|item| (item.id, item.position)).collect();
    let of = |dossier: Id| -> BTreeSet<i32> {
        let own = withheld.iter().filter(|(id, _)| *id == dossier);
        own.filter_map(|(_, item)| positions.get(item).copied()).collect()
    };
    Ok(newest.into_iter().map(|(agency, (_, dossier))| (agency, format_numbers(&of(dossier)))).collect())
}

/// What is ticked at first: all evidence for the first version; after that what the last one had, and what has come
/// since, for the same addressees. A version that is asked for by its addressees (`wanted`) is for them alone.
fn begin(mut view: FormView, found: &Material, wanted: &[Id]) -> FormView {
    let Some(last) = &found.last else {
        view = view.set_many("evidence", found.items.iter().map(|item| item.id.to_string()));
        return view.set_many("agencies", wanted.iter().map(Id::to_string));
    };
    let still = found.items.iter().filter(|i| last.items.contains(&i.id) || i.created_at > last.made_at);
    view = view.set_many("evidence", still.map(|item| item.id.to_string()));
    let addressees = if wanted.is_empty() { last.agencies.as_slice() } else { wanted };
    view.set_many("agencies", addressees.iter().map(Id::to_string))
}

pub async fn form(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    // A forward that waits leads here, and says for whom.
    let wanted: Option<Id> = Form::query(&request).raw("agency").parse().ok();
    let c = session::chrome(&request, &services, &me, "");
    let view = c.kept(&FormView::new(PREFIX), paths::lead_dossiers(*id));
    // What was typed before and not sent is gone on with, and whom it was for is shown.
    let is_new = view.keeping().is_none_or(|keeping| keeping.at.is_empty());
    let mut chosen: Vec<Id> = wanted.into_iter().collect();
    chosen.extend(view.values("agencies").iter().filter_map(|agency| agency.parse::<Id>().ok()));
    html(&page(&me, &services, &request, *id, view, &chosen, is_new).await?)
}

async fn page(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    lead_id: Id,
    mut view: FormView,
    chosen: &[Id],
    is_new: bool,
) -> Result<NewPage> {
    let (actor, mut shown_too) = (me.clone(), chosen.to_vec());
    // The text is the form's, so of any length; names are shorter.
    let q: String = view.value("q").chars().take(100).collect();
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let found = services
        .db
        .read_snapshot(move |conn| {
            let lead = lead::store::find_visible(conn, &actor, lead_id)?;
            lead::model::require_changeable(&actor, &lead)?;
            let (items, has_more) = evidence::store::first_of_lead(conn, lead_id, MOST_ITEMS)?;
            let last = if is_new { Last::of(conn, lead_id)? } else { None };
            let kept_back = kept_back(conn, lead_id, &items)?;
            let missing = lead::actions::missing(conn, &lead)?;
            let unlisted = lead::actions::unlisted(conn, lead_id)?;
            let ids: Vec<Id> = items.iter().map(|item| item.id).collect();
            let photographs = Photographs::of(conn, &ids)?;
            if shown_too.is_empty() {
                shown_too.extend(last.iter().flat_map(|last| last.agencies.iter().copied()));
            }
            let candidates = candidates(conn, &lead, today, &q, &shown_too)?;
            let next = store::compositions(conn, lead_id)?.first().map_or(0, |last| last.version) + 1;
            Ok(Material {
                lead,
                items,
                has_more,
                candidates,
                next,
                last,
                kept_back,
                missing,
                unlisted,
                photographs,
            })
        })
        .await?;
    let shown = found.items.iter().map(|item| item.id);
    let entry = Entry::new("evidence.list").object("lead", lead_id).objects("evidence", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    if is_new {
        view = begin(view, &found, chosen);
    }
    // Forgetting to type the numbers again must not disclose; who takes them out of the field is heeded.
    for agency in found.candidates.all() {
        let field = withhold_field(agency.id);
        if let Some(numbers) = found.kept_back.get(&agency.id).filter(|_| !view.holds(&field)) {
            view = view.set(&field, numbers.clone());
        }
    }
    Ok(new_page(me, services, request, view, found))
}

fn new_page(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    form: FormView,
    found: Material,
) -> NewPage {
    let lang = me.lang;
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let title = i18n::t_with(lang, "dossier-new-title", &[("n", found.next.to_string())]);
    let c = session::chrome(request, services, me, &title);
    let form = c.kept(&form, paths::lead_dossiers(found.lead.id));
    let missing = &found.missing;
    let lacks = if missing.is_empty() { String::new() } else { labels_of(&c, missing) };
    let chosen = form.values("evidence").iter().filter_map(|id| id.parse().ok()).collect();
    let is_placed = !missing.iter().any(|fault| matches!(fault.field.as_str(), "charges" | "region"));
    let no_suggestion = c.t(if is_placed { "dossier-none-fits" } else { "dossier-no-suggestion" });
    NewPage {
        lacks,
        unlisted: Unlisted::new(&c, found.lead.id, &found.unlisted),
        photographs: found.photographs.warning(&chosen, lang),
        no_suggestion,
        edit_href: paths::lead_part(found.lead.id, "edit"),
        trail: vec![
            Link::new(i18n::t(lang, "nav-leads"), paths::LEADS),
            Link::new(&found.lead.number, paths::lead(found.lead.id)),
            Link::new(i18n::t(lang, "dossier-list-title"), paths::lead_dossiers(found.lead.id)),
        ],
        action: paths::lead_dossiers(found.lead.id),
        evidence_href: paths::lead_evidence(found.lead.id),
        version: found.next,
        items: found.items.iter().map(|item| ItemChoice::new(item, &form, lang)).collect(),
        cut: if found.has_more { c.tn("dossier-evidence-cut", MOST_ITEMS) } else { String::new() },
        agencies: Agencies::new(&found.candidates, &form, today, lang),
        c,
        form,
    }
}

pub async fn submit(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let lead_id = *id;
    take_typed(&services, &me, lead_id, &mut form).await?;
    let asked = Asked::read(&mut form);
    let chosen = asked.agencies.clone();
    // The search for agencies sends the whole form along, so that nothing that was ticked is lost; and it is posted,
    // because no log of addresses is to hold what a lead is about.
    if is_search(&form) {
        let view = FormView::new(PREFIX).typed(form.pairs());
        return html(&page(&me, &services, &request, lead_id, view, &chosen, false).await?);
    }
    let done = match form.check() {
        Err(e) => Err(e),
        Ok(()) => {
            let (actor, zone) = (me.clone(), services.settings.time_zone);
            let act = move |tx: &mut crate::platform::db::Tx<'_>| {
                lead::store::find_visible(tx.conn(), &actor, lead_id)?;
                let plan = asked.plan(tx.conn(), lead_id)?;
                compose::compose(tx, &actor, lead_id, &plan, zone)
            };
            services.db.write(me.origin(), act).await
        }
    };
    match done {
        Ok(_) => Ok(see_other(&format!("{}?ok=dossier-composed", paths::lead_dossiers(lead_id)))),
        Err(AppError::Invalid(errors)) => {
            let view = FormView::new(PREFIX).typed(form.pairs()).with_errors(errors);
            invalid(&page(&me, &services, &request, lead_id, view, &chosen, false).await?)
        }
        Err(e) => Err(e),
    }
}

/// Ticks the agency that was picked, or typed where they are looked for, with what its newest version kept back from it. What
/// was typed and does not name exactly one, or was looked for and left, is a fault beside it: no addressee is passed over, and
/// none is guessed.
async fn take_typed(services: &Services, me: &Compiler, lead_id: Id, form: &mut Form) -> Result<()> {
    let q: String = form.raw("q").chars().take(100).collect();
    let was_picked = form.was_picked("q");
    if q.is_empty() || (is_search(form) && !was_picked) {
        return Ok(());
    }
    let ids = |name: &str| form.all(name).iter().filter_map(|id| id.parse().ok()).collect::<Vec<Id>>();
    let (ticked, chosen) = (ids("agencies"), ids("evidence"));
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let (actor, text) = (me.clone(), q.clone());
    let read = move |conn: &mut Connection| {
        lead::actions::found_changeable(conn, &actor, lead_id)?;
        let Some(meant) = unpicked(conn, &text, today, &ticked)? else { return Ok(None) };
        let items = evidence::store::among(conn, lead_id, &chosen)?;
        let kept = kept_back(conn, lead_id, &items)?;
        let positions: BTreeSet<i32> = items.iter().map(|item| item.position).collect();
        Ok(Some((meant, kept, positions)))
    };
    let Some((meant, kept, positions)) = services.db.read(read).await? else { return Ok(()) };
    match meant.found.as_slice() {
        [one] if meant.is_sure && (was_picked || form.raw("sought") != q) => {
            let field = withhold_field(one.id);
            let numbers = kept.get(&one.id).and_then(|numbers| parse_numbers(numbers)).unwrap_or_default();
            if form.names().all(|name| name != field) {
                form.add(&field, format_numbers(&numbers.intersection(&positions).copied().collect()));
            }
            form.add("agencies", one.id.to_string());
            form.put("q", String::new());
        }
        [] => form.push(FieldError::new("q", "error-agency-not-found").arg("text", q)),
        some => {
            let fault = FieldError::new("q", "error-agency-not-picked").arg("text", q);
            form.push(fault.arg("picks", agencies::search::picks(some)));
        }
    }
    Ok(())
}

/// Whether the search for agencies was asked for and no version: by its own button, or by the Enter key where something
/// else is looked for than what the agencies shown were looked for by. What was picked is not looked for.
fn is_search(form: &Form) -> bool {
    let is_new = !form.was_picked("q") && form.raw("q") != form.raw("sought");
    form.has("find") || (form.has("enter") && is_new)
}

/// The form as it was sent; item numbers are not yet items.
struct Asked {
    version: Option<i32>,
    agencies: Vec<Id>,
    evidence: Vec<Id>,
    /// For each agency the numbers in the lead's list that it does not get.
    withhold: Vec<BTreeSet<i32>>,
    note: String,
}

impl Asked {
    fn read(form: &mut Form) -> Self {
        let agencies = form.ids("agencies");
        let mut withhold = Vec::new();
        for agency in &agencies {
            let field = withhold_field(*agency);
            let text = form.text(&field, LONGEST_NUMBERS);
            let is_long = text.chars().count() > LONGEST_NUMBERS;
            let numbers = if is_long { None } else { parse_numbers(&text) };
            if numbers.is_none() && !is_long {
                form.fault(field, "error-dossier-numbers");
            }
            withhold.push(numbers.unwrap_or_default());
        }
        Self {
            version: form.value("version", "error-unknown"),
            evidence: form.ids("evidence"),
            note: form.text("note", LONGEST_NOTE),
            agencies,
            withhold,
        }
    }

    fn plan(&self, conn: &mut Connection, lead_id: Id) -> Result<Plan> {
        compose::few_enough(self.evidence.len())?;
        let chosen = evidence::store::among(conn, lead_id, &self.evidence)?;
        let chosen: HashMap<i32, Id> = chosen.into_iter().map(|item| (item.position, item.id)).collect();
        let mut faults = Vec::new();
        let mut addressees = Vec::new();
        for (agency_id, numbers) in self.agencies.iter().zip(&self.withhold) {
            let named: BTreeSet<Id> = numbers.iter().filter_map(|n| chosen.get(n).copied()).collect();
            if named.len() != numbers.len() {
                let missing: Vec<String> =
                    numbers.iter().filter(|n| !chosen.contains_key(*n)).map(ToString::to_string).collect();
                let agency = agencies::store::find(conn, *agency_id)?;
                let in_english = Lang::En.pick(&agency.name_zh, &agency.name_en).to_owned();
                faults.push(
                    FieldError::new(withhold_field(*agency_id), "error-dossier-not-chosen")
                        .arg("numbers", missing.join(", "))
                        .arg("zh", &agency.name_zh)
                        .arg("en", in_english),
                );
            }
            addressees.push(Addressed { agency_id: *agency_id, withheld: named });
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let (evidence, note) = (self.evidence.clone(), self.note.clone());
        Ok(Plan { version: self.version, evidence, addressees, note })
    }
}
