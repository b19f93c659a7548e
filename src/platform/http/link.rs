//! Links of a list: the same address with one filter, sort key or page changed. Every filter lives in the URL.

use url::form_urlencoded;

/// A path with its query, changed a parameter at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads `/leads?state=draft`; parameters without a value are dropped (an empty filter is none). A zero byte, which
    /// no text on file has and PostgreSQL does not take, becomes U+FFFD.
    pub fn new(path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let pairs = form_urlencoded::parse(query.as_bytes())
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.into_owned(), value.replace('\0', "\u{fffd}")))
            .collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The address without its parameters.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The first value of a parameter, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Sets a parameter; an empty value takes it out.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        if !value.is_empty() {
            changed.pairs.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// Sets a parameter to several values, in their order; none takes it out.
    #[must_use]
    pub fn with_all(&self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        let mut changed = self.without(name);
        changed.pairs.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        changed
    }

    /// Takes a parameter out.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(key, _)| key != name).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    /// Takes one value of a parameter out that may stand several times.
    #[must_use]
    pub fn without_value(&self, name: &str, value: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(key, val)| key != name || val != value).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    /// Back to the first page: without `after` and `before`.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.without("after").without("before")
    }

    /// What a form keeps beside its own `fields`, as hidden ones: everything but the page.
    pub fn kept(&self, fields: &[&str]) -> Vec<(String, String)> {
        let is_kept = |name: &str| !fields.contains(&name) && !["after", "before", "ok"].contains(&name);
        self.pairs.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
    }

    /// Without any filter, in the same order and with the same columns.
    #[must_use]
    pub fn bare(&self) -> Self {
        let is_kept = |(name, _): &&(String, String)| ["sort", "col"].contains(&name.as_str());
        Self { path: self.path.clone(), pairs: self.pairs.iter().filter(is_kept).cloned().collect() }
    }

    /// The parameters, for hidden fields of a form that must keep them.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The address, encoded.
    pub fn href(&self) -> String {
        if self.pairs.is_empty() {
            return self.path.clone();
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
        format!("{}?{query}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_changed_and_taken_out_without_touching_the_others() {
        let q = Query::new("/leads?state=draft&region=&q=a%20b&after=x");
        assert_eq!(q.first_page().with("state", "sent").href(), "/leads?q=a+b&state=sent");
        assert_eq!(q.without("state").first_page().without("q").href(), "/leads");
        assert_eq!(q.get("q"), "a b");
    }

    #[test]
    fn a_form_keeps_what_it_has_no_field_for() {
        let q = Query::new("/leads?state=draft&q=a&col=title&col=state&after=x&ok=y");
        let kept: Vec<String> = q.kept(&["q"]).into_iter().map(|(name, value)| name + "=" + &value).collect();
        assert_eq!(q.with("sort", "-value").bare().href(), "/leads?col=title&col=state&sort=-value");
        assert_eq!((q.path(), kept.join("&").as_str()), ("/leads", "state=draft&col=title&col=state"));
    }

    #[test]
    fn one_of_several_values_can_go() {
        let q = Query::new("/leads?state=draft&state=sent");
        assert_eq!(q.without_value("state", "draft").href(), "/leads?state=sent");
    }
}
