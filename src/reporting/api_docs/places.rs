//! Which page of the description each call and each shape stands on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Where the description begins; each part is below it.
pub const DOCS: &str = "/api/docs";
/// The part of the shapes that the calls about several things use, or that none of them names.
pub const SHARED: &str = "shapes";
/// What the name of a list's page begins with, before that of its items.
const PAGE: &str = "Page_";

/// The part that each shape stands in: that of the calls that alone use it, else the shared one.
#[derive(Debug, Default)]
pub struct Places<'a>(BTreeMap<&'a str, &'a str>);

/// The members of an object.
pub fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The calls about one thing: path, method, and what is said of each.
pub fn calls<'a>(document: &'a Value, tag: &str) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
    let all = object(&document["paths"]).flat_map(|(path, item)| {
        object(item).map(move |(method, call)| (path.as_str(), method.as_str(), call))
    });
    all.filter(move |(_, _, call)| call["tags"][0] == tag)
}

/// The shapes that a part of the document names.
fn named<'a>(part: &'a Value, found: &mut Vec<&'a str>) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str().filter(|_| name == "$ref") {
                    Some(place) => found.extend(place.rsplit('/').next()),
                    None => named(member, found),
                }
            }
        }
        Value::Array(members) => members.iter().for_each(|one| named(one, found)),
        _ => {}
    }
}

impl<'a> Places<'a> {
    /// Reads who uses what, by way of other shapes too.
    pub fn of(document: &'a Value) -> Self {
        let schemas = &document["components"]["schemas"];
        let mut users: BTreeMap<&str, BTreeSet<&str>> =
            object(schemas).map(|(name, _)| (name.as_str(), BTreeSet::new())).collect();
        for (_, item) in object(&document["paths"]) {
            for (_, call) in object(item) {
                let tag = call["tags"][0].as_str().unwrap_or_default();
                let mut open = Vec::new();
                named(call, &mut open);
                while let Some(name) = open.pop() {
                    if users.get_mut(name).is_some_and(|users| users.insert(tag)) {
                        named(&schemas[name], &mut open);
                        // Its fields stand in the page itself, without the item's name.
                        open.extend(name.strip_prefix(PAGE));
                    }
                }
            }
        }
        let part = |users: BTreeSet<&'a str>| match users.first() {
            Some(tag) if users.len() == 1 => *tag,
            _ => SHARED,
        };
        Self(users.into_iter().map(|(name, users)| (name, part(users))).collect())
    }

    /// The part that a shape stands in.
    pub fn part_of(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or(SHARED)
    }

    /// Where a shape is described.
    pub fn href(&self, name: &str) -> String {
        format!("{DOCS}/{}#schema-{name}", self.part_of(name))
    }

    /// The shape of the items of a list's page, where `page` is one.
    pub fn item_of<'n>(&self, page: &'n str) -> Option<&'n str> {
        page.strip_prefix(PAGE).filter(|item| self.0.contains_key(*item))
    }
}
