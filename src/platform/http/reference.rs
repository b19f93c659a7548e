//! The number of a request: what an error page shows and somebody can name is what the server's log has.

use std::future::Future;

use crate::platform::db::Id;

tokio::task_local! {
    static REFERENCE: String;
}

/// A new number: ten letters and digits, short enough to be read out over the telephone.
pub fn fresh() -> String {
    // The last bytes of an id are drawn at random.
    data_encoding::BASE32_NOPAD.encode(&Id::new().as_bytes()[10..])
}

/// That of the request which is answered now; `None` outside of one.
pub fn current() -> Option<String> {
    REFERENCE.try_with(Clone::clone).ok()
}

/// Answers a request under its number.
pub async fn under<T>(reference: String, answer: impl Future<Output = T>) -> T {
    REFERENCE.scope(reference, answer).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_has_one_number_all_the_way_and_no_other_has_it() {
        assert_eq!(current(), None);
        let (one, other) = (fresh(), fresh());
        assert!(one != other && one.len() == 10, "{one} {other}");
        let seen = under(one.clone(), async { (current(), current()) }).await;
        assert_eq!(seen, (Some(one.clone()), Some(one)));
    }
}
