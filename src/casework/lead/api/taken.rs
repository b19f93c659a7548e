//! What a program may hand in as a lead, as the document of the API says it; a request is held to this.

use serde_json::{Value, json};

use super::super::{
    input::{MOST_BRANDS, MOST_FEN, MOST_NAMED, MOST_SOLD},
    model::{SenderRole, SiteRole, SourceKind, SubjectKind},
};
use crate::platform::{
    http::contract::shapes::{
        any_of, code, day, link, list, maybe, named, object, one_of, said, seen, text, whole,
    },
    money::{Basis, Qualifier},
};

/// Longest name of a region, in characters.
const REGION: usize = 100;
/// Longest amount as people write it, in characters.
const AMOUNT: usize = 60;
/// Subjects that are known by an identifier alone.
const BY_IDENTIFIER: [SubjectKind; 3] = [SubjectKind::Account, SubjectKind::Phone, SubjectKind::Vehicle];

/// The shapes of a lead to be made, by their names.
pub fn taken() -> Vec<(&'static str, Value)> {
    vec![
        ("LeadNew", lead()),
        ("BrandNew", brand()),
        ("ValueNew", value()),
        ("SubjectNew", subject()),
        ("SiteNew", site()),
        ("OfferNew", offer()),
        ("SourceNew", source()),
    ]
}

fn lead() -> Value {
    let all = |name: &str, most: usize| maybe(list(named(name), most));
    let brands = any_of([seen(100), named("BrandNew")]);
    let offers = any_of([link(2_000), named("OfferNew")]);
    let shape = object(
        &["title"],
        [
            ("title", seen(200)),
            ("summary", maybe(text(20_000))),
            (
                "charges",
                said(maybe(list(code(), MOST_NAMED)), "Codes that stood at the time of the facts, or today."),
            ),
            (
                "region",
                said(maybe(text(REGION)), "Six-digit code, or the full Chinese name; there may be none yet."),
            ),
            (
                "brands",
                said(
                    maybe(list(brands, MOST_BRANDS)),
                    "Names, or objects with the rights holder. A comma parts several names.",
                ),
            ),
            ("occurred_from", said(maybe(day()), "Not to come.")),
            ("occurred_to", said(maybe(day()), "Not to come, and not before `occurred_from`.")),
            ("estimated_value", maybe(named("ValueNew"))),
            ("subjects", all("SubjectNew", MOST_NAMED)),
            ("sites", all("SiteNew", MOST_NAMED)),
            ("listings", said(maybe(list(offers, MOST_NAMED)), "Addresses of offers, or objects with more.")),
            (
                "source",
                said(
                    maybe(any_of([text(1_000), named("SourceNew")])),
                    "A kind, or words of one's own: then the kind is `other`.",
                ),
            ),
            (
                "sender_role",
                said(
                    maybe(one_of(SenderRole::WORDS.iter().copied())),
                    "`reporter` (default), `accuser_joint`, `assisting`.",
                ),
            ),
        ],
    );
    said(
        shape,
        "A lead to be made. Only `title` must be there: what a draft lacks is asked for when it is submitted.",
    )
}

fn brand() -> Value {
    let shape = object(
        &["name"],
        [("name", seen(100)), ("owner", said(maybe(text(200)), "The rights holder, of one brand alone."))],
    );
    said(shape, "A brand with its rights holder.")
}

/// An amount as people write it, which a number without a unit is too: of yuan.
fn amount() -> Value {
    let yuan = json!({ "type": "number", "minimum": 0, "maximum": MOST_FEN / 100 });
    maybe(any_of([text(AMOUNT), yuan]))
}

fn value() -> Value {
    let words = Qualifier::ALL.map(Qualifier::as_str);
    let bases = Basis::ALL.map(Basis::as_str).into_iter().chain(["court"]);
    let mut shape = object(
        &["basis"],
        [
            ("fen", said(maybe(whole(0, MOST_FEN)), "100 fen are one yuan.")),
            ("amount", said(amount(), "Instead of `fen`: yuan, or as people write it.")),
            ("qualifier", maybe(one_of(words))),
            ("basis", said(one_of(bases), "`court` is a shorter word for `court_determined`.")),
        ],
    );
    shape["anyOf"] = json!([
        {
            "required": ["fen"],
            "properties": { "fen": { "type": "integer" }, "amount": { "type": "null" } },
        },
        {
            "required": ["amount"],
            "properties": { "amount": one_amount(), "fen": { "type": "null" } },
        },
    ]);
    said(shape, "An estimated value: `fen` or `amount`, and by what it was measured.")
}

/// An amount that is one.
fn one_amount() -> Value {
    any_of([seen(AMOUNT), json!({ "type": "number" })])
}

fn subject() -> Value {
    let mut shape = object(
        &["kind"],
        [
            ("kind", one_of(SubjectKind::WORDS.iter().copied())),
            (
                "name",
                said(
                    maybe(text(200)),
                    "May be left out where the identifier of an account, phone or vehicle is given.",
                ),
            ),
            (
                "identifier",
                said(
                    maybe(text(200)),
                    "What looks like the number of an identity card or a unified social credit code has to be one.",
                ),
            ),
            ("part", said(maybe(text(200)), "What it has to do with the lead.")),
            ("region", said(maybe(text(REGION)), "Six-digit code, or the full Chinese name.")),
            ("note", maybe(text(2_000))),
        ],
    );
    shape["anyOf"] = json!([
        { "required": ["name"], "properties": { "name": seen(200) } },
        {
            "required": ["identifier"],
            "properties": {
                "identifier": seen(200),
                "kind": { "enum": BY_IDENTIFIER.map(SubjectKind::as_str) },
            },
        },
    ]);
    said(shape, "A subject as a lead names it.")
}

fn site() -> Value {
    let shape = object(
        &["address", "region", "role"],
        [
            ("address", seen(300)),
            ("region", said(seen(REGION), "Six-digit code, or the full Chinese name.")),
            ("role", one_of(SiteRole::WORDS.iter().copied())),
            ("note", maybe(text(2_000))),
        ],
    );
    said(shape, "A site as a lead names it.")
}

fn offer() -> Value {
    let mut shape = object(
        &["url"],
        [
            ("url", link(2_000)),
            ("title", maybe(text(300))),
            ("item_number", maybe(text(100))),
            ("shop", maybe(text(200))),
            ("price_fen", maybe(whole(0, MOST_FEN))),
            ("price", said(amount(), "Instead of `price_fen`: yuan, or as people write a price.")),
            ("sold", maybe(whole(0, MOST_SOLD))),
            ("seen_on", said(maybe(day()), "Not to come.")),
        ],
    );
    shape["anyOf"] = json!([
        { "properties": { "price": { "type": "null" } } },
        { "properties": { "price_fen": { "type": "null" } } },
    ]);
    said(shape, "An offer on the platform.")
}

fn source() -> Value {
    let shape = object(
        &[],
        [
            ("kind", said(maybe(one_of(SourceKind::WORDS.iter().copied())), "Without one `other`.")),
            ("note", maybe(text(1_000))),
        ],
    );
    said(shape, "Where the suspicion came from.")
}
