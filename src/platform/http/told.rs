//! What came of an act is told once: the redirect after it leaves a cookie with the word of its message, and the page that
//! shows the message takes it away. An address that was kept, or a page loaded again, tells nothing of what was done long ago.

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    cookie::{Cookie, SameSite, time::Duration},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};

use super::{head::is_head, link::Query};
use crate::platform::services::Services;

const NAME: &str = "told";

/// A redirect is followed at once.
const KEPT: Duration = Duration::minutes(2);

/// Whether the message of this word was not told yet.
pub fn is_due(request: &HttpRequest, word: &str) -> bool {
    request.cookie(NAME).is_some_and(|cookie| cookie.value() == word)
}

/// The word in an address, e.g. `lead-saved` in `/leads/0190…?ok=lead-saved#sites`.
fn word_in(address: &str) -> Option<String> {
    let address = address.split('#').next().unwrap_or_default();
    let word = Query::new(address).get("ok").to_owned();
    let is_plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (!word.is_empty() && is_plain).then_some(word)
}

/// The middleware.
///
/// # Errors
/// Those of the inner service that are no replies.
pub async fn once(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok());
    let asked = response.request();
    let (value, kept) = match location.and_then(word_in) {
        Some(word) => (word, KEPT),
        None => {
            let address = asked.uri().to_string();
            let was_told = *asked.method() == Method::GET
                && !is_head(asked)
                && response.status().is_success()
                && word_in(&address).is_some_and(|word| is_due(asked, &word));
            if !was_told {
                return Ok(response);
            }
            (String::new(), Duration::ZERO)
        }
    };
    let services = asked.app_data::<Data<Services>>();
    let secure = services.is_some_and(|services| services.settings.base_url.starts_with("https://"));
    let cookie = Cookie::build(NAME, value)
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .max_age(kept)
        .finish();
    // A name and a word without marks are always a cookie.
    let _ = response.response_mut().add_cookie(&cookie);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_an_address_is_found_wherever_it_stands() {
        assert_eq!(word_in("/leads/1?ok=lead-saved#sites").as_deref(), Some("lead-saved"));
        assert_eq!(word_in("/leads?state=draft&ok=done-before").as_deref(), Some("done-before"));
        assert_eq!(word_in("/leads?ok="), None);
        assert_eq!(word_in("/leads?ok=a%3Bb"), None);
        assert_eq!(word_in("/leads"), None);
    }
}
