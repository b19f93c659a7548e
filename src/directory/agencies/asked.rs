//! The agency that a list is narrowed to: one way of reading it for all lists, whether a link names its id, a picker puts its
//! code in, or somebody types its name.

use super::search::{self, Found, MEANT};
use crate::platform::{
    db::Id,
    error::{FieldError, Result},
    http::{Form, form_view::FormView},
    i18n::Lang,
    services::Services,
    time,
};

/// The parameter.
const AGENCY: &str = "agency";

/// The agency that the parameter `agency` names; `None` where it names none, or where that can't be told, which is a fault, told in `lang`.
/// The parameter holds its id from then on: whoever reads the address next goes by that.
///
/// # Errors
/// Those of the database.
pub async fn agency(services: &Services, query: &mut Form, lang: Lang) -> Result<Option<Found>> {
    let text = query.text(AGENCY, 200);
    if text.is_empty() {
        return Ok(None);
    }
    let is_text = query.errors().iter().all(|fault| fault.field != AGENCY);
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let sought = text.clone();
    let mut found = if is_text {
        services.db.read(move |conn| search::meant(conn, &sought, today)).await?.found
    } else {
        Vec::new()
    };
    if found.len() == 1 {
        let one = found.remove(0);
        query.put(AGENCY, one.id.to_string());
        return Ok(Some(one));
    }
    // By an id that is none's a list finds nothing, and that is an answer.
    if text.parse::<Id>().is_ok() {
        return Ok(None);
    }
    query.put(AGENCY, String::new());
    if is_text && found.is_empty() {
        query.fault(AGENCY, "error-agency-none");
    } else if is_text {
        let choices: Vec<String> = found.iter().take(MEANT).map(|one| one.shown(lang)).collect();
        query.push(
            FieldError::new(AGENCY, "error-agency-ambiguous")
                .arg("choices", choices.join(&lang.between_choices())),
        );
    }
    Ok(None)
}

/// The field `agency` of a filter with the name of what was understood; what was not stays as it was typed.
#[must_use]
pub fn in_words(form: FormView, agency: Option<&Found>, lang: Lang) -> FormView {
    match agency {
        Some(one) => form.set(AGENCY, one.shown(lang)),
        None => form,
    }
}

/// What a filter in force calls the agency; nothing for one that is not on file.
pub fn word(agency: Option<&Found>, lang: Lang) -> String {
    agency.map_or_else(String::new, |one| one.name(lang).to_owned())
}
