//! What is put together and what is asked.

use proptest::prelude::*;

use super::*;
use crate::platform::http::form::Form;

fn groups() -> Vec<Group> {
    vec![Group::of("title"), Group::with("value", &["amount", "basis"])]
}

fn form(title: &str, amount: &str, basis: &str) -> FormView {
    FormView::new("").typed([("title", title), ("amount", amount), ("basis", basis)])
}

/// What the second one sees of three states.
fn merge(base: &FormView, theirs: &FormView, mine: &FormView) -> FormView {
    let mine = mine.clone().set(WAS, mark(&groups(), base));
    merged(&groups(), theirs, mine, Vec::new(), (plain, |group: &Group| group.name.clone()))
}

fn whole(form: &FormView) -> Vec<String> {
    groups().iter().map(|group| said(group, form)).collect()
}

/// What is sent when every choice is answered by `pick`.
fn sent(form: &FormView, pick: &str) -> Form {
    let mut pairs: Vec<(String, String)> = ["title", "amount", "basis"]
        .iter()
        .flat_map(|name| form.values(name).iter().map(|value| ((*name).to_owned(), value.clone())))
        .collect();
    for open in &form.merging().expect("a merging").open {
        pairs.push((format!("pick.{}", open.name), pick.to_owned()));
        pairs.extend(open.hidden.clone());
    }
    picked(&groups(), &Form::from_pairs(pairs))
}

#[test]
fn what_one_of_both_changed_is_put_together_and_what_both_changed_is_asked() {
    let base = form("假表", "100", "list");
    let (theirs, mine) = (form("假表一批", "100", "list"), form("假表", "200", "list"));
    let found = merge(&base, &theirs, &mine);
    assert_eq!(whole(&found), whole(&form("假表一批", "200", "list")));
    let merging = found.merging().expect("a merging");
    assert!(merging.open.is_empty());
    let settled: Vec<_> = merging.settled.iter().map(|one| (one.label.as_str(), one.mine)).collect();
    assert_eq!(settled, [("title", false), ("value", true)]);

    let found = merge(&base, &theirs, &form("高仿手表", "100", "list"));
    let merging = found.merging().expect("a merging");
    assert_eq!((merging.open[0].theirs.as_str(), merging.open[0].mine.as_str()), ("假表一批", "高仿手表"));
    assert_eq!(sent(&found, "mine").raw("title"), "高仿手表");
    assert_eq!(sent(&found, "theirs").raw("title"), "假表一批");
    assert!(sent(&found, "theirs").names().all(|name| !name.contains('.')));
}

#[test]
fn line_ends_and_white_space_are_no_change_and_fields_that_belong_together_go_together() {
    let base = form("一\n二", "100", "list");
    assert!(!has_moved(&groups(), &mark(&groups(), &base), &form(" 一\r\n二 ", "100", "list")));
    assert!(has_moved(&groups(), &mark(&groups(), &base), &form("一\n二", "", "100list")));
    assert!(!has_moved(&groups(), "", &form("x", "", "")));
    let found = merge(&base, &form("一\n二", "150", "list"), &form("一\n二", "100", "court"));
    assert_eq!(found.merging().expect("a merging").open[0].name, "value");
    let sent = sent(&found, "theirs");
    assert_eq!((sent.raw("amount"), sent.raw("basis")), ("150", "list"));
}

#[test]
fn what_means_the_same_in_other_words_is_no_change() {
    let meaning = |text: &str| (text == "Hangzhou").then(|| "杭州市".to_owned());
    let groups = [Group::of("title").meaning(meaning), Group::of("amount")];
    let (base, now) = (form("杭州市", "100", ""), form("Hangzhou", "150", ""));
    assert!(!has_moved(&groups[..1], &mark(&groups, &base), &now));
    let mine = form("杭州市", "100", "").set(WAS, mark(&groups, &base));
    let found = merged(&groups, &now, mine, Vec::new(), (plain, |group: &Group| group.name.clone()));
    let settled: Vec<_> =
        found.merging().expect("a merging").settled.iter().map(|one| one.label.clone()).collect();
    assert_eq!((settled.as_slice(), found.value("title")), (&["amount".to_owned()][..], "Hangzhou"));
}

#[test]
fn a_choice_that_is_kept_and_not_sent_is_asked_anew() {
    let base = form("假表", "100", "list");
    let found = merge(&base, &form("甲", "100", "list"), &form("乙", "100", "list"));
    let fields = [("title", "乙"), ("pick.title", "theirs"), ("theirs.title", "甲")];
    let marks = [WAS, BEFORE_WAS].map(|name| (name, found.value(name)));
    let fields = fields.into_iter().chain(marks).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let kept = undecided(fields);
    assert_eq!(
        kept,
        [("title", "乙".to_owned()), (WAS, mark(&groups(), &base))].map(|(n, v)| (n.to_owned(), v))
    );
    let plain = vec![("title".to_owned(), "乙".to_owned())];
    assert_eq!(undecided(plain.clone()), plain);
}

/// What is sent with a choice, after the field was written in below it.
#[test]
fn the_stored_version_is_not_taken_over_what_was_written_after_the_choice() {
    let base = form("假表", "100", "list");
    let found = merge(&base, &form("甲", "100", "list"), &form("乙", "100", "list"));
    let send = |title: &str, pick: &str| {
        let fields = [("title", title), ("amount", "100"), ("basis", "list"), ("pick.title", pick)];
        let marks = [WAS, BEFORE_WAS].map(|name| (name.to_owned(), found.value(name).to_owned()));
        let hidden = found.merging().expect("a merging").open[0].hidden.clone();
        let pairs = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        picked(&groups(), &Form::from_pairs(pairs.into_iter().chain(marks).chain(hidden).collect()))
    };
    assert_eq!(send("乙", "theirs").raw("title"), "甲");
    assert_eq!(send("甲", "theirs").raw("title"), "甲", "written over by hand it is the same");
    assert_eq!(send("丙", "mine").raw("title"), "丙");
    let torn = send("丙", "theirs");
    assert_eq!((torn.raw("title"), torn.raw(WAS)), ("丙", mark(&groups(), &base).as_str()));
    let asked = FormView::new("").typed(torn.pairs());
    let words = (plain, |group: &Group| group.name.clone());
    let again = merged(&groups(), &form("甲", "100", "list"), asked, Vec::new(), words);
    let open = &again.merging().expect("a merging").open[0];
    assert!(open.is_torn && !open.is_mine && again.is_bad("pick.title"));
    assert_eq!(open.mine, "丙");
}

#[test]
fn two_lists_that_were_only_added_to_can_be_put_together() {
    let groups = [Group::of("charges").list()];
    let list =
        |codes: &[&str]| FormView::new("").set_many("charges", codes.iter().map(|code| (*code).to_owned()));
    let clash = |base: &[&str], theirs: &[&str], mine: &[&str]| {
        let mine = list(mine).set(WAS, mark(&groups, &list(base)));
        merged(&groups, &list(theirs), mine, Vec::new(), (plain, |group: &Group| group.name.clone()))
    };
    let found = clash(&["a"], &["a", "b"], &["a", "c"]);
    let open = found.merging().expect("a merging").open[0].clone();
    assert_eq!(open.both, "a · c · b");
    let mut pairs: Vec<(String, String)> =
        ["a", "c"].map(|code| ("charges".to_owned(), code.to_owned())).into();
    pairs.push((open.pick, "both".to_owned()));
    pairs.extend(open.hidden);
    assert_eq!(picked(&groups, &Form::from_pairs(pairs)).all("charges"), ["a", "c", "b"]);
    // Where one took off, both together would bring it back.
    assert_eq!(
        clash(&["a", "d"], &["a", "b"], &["a", "d", "c"]).merging().expect("a merging").open[0].both,
        ""
    );
}

/// However often a form asked, what was changed since it was opened is told.
#[test]
fn a_second_question_knows_what_the_first_was_about() {
    let base = form("假表", "100", "list");
    let found = merge(&base, &form("甲", "100", "list"), &form("乙", "100", "list"));
    let first = mark(&groups(), &base);
    let again = sent_on(&found);
    assert_eq!((again.raw(WAS), opened_at(&again, WAS)), (found.value(WAS), first.as_str()));
    let words = (plain, |group: &Group| group.name.clone());
    let second = merged(
        &groups(),
        &form("丁", "100", "list"),
        FormView::new("").typed(again.pairs()),
        Vec::new(),
        words,
    );
    assert_eq!(opened_at(&sent_on(&second), WAS), first);
}

/// A question that is answered by one's own version, with all that its page holds.
fn sent_on(found: &FormView) -> Form {
    let mut pairs = found.pairs();
    for open in &found.merging().expect("a merging").open {
        pairs.push((open.pick.clone(), "mine".to_owned()));
        pairs.extend(open.hidden.clone());
    }
    picked(&groups(), &Form::from_pairs(pairs))
}

#[test]
fn a_mark_tells_since_when() {
    let form = with_mark(&groups(), form("a", "1", "list"), Instant::from_micros(7));
    assert_eq!(since(form.value(WAS)).micros(), 7);
    assert!(!has_moved(&groups(), form.value(WAS), &form));
    assert_eq!(since("").micros(), 0);
}

#[test]
fn without_a_mark_every_difference_is_asked() {
    let mine = form("a", "1", "list");
    let words = (plain, |group: &Group| group.name.clone());
    let found = merged(&groups(), &form("b", "1", "list"), mine, Vec::new(), words);
    let merging = found.merging().expect("a merging");
    assert_eq!((merging.open.len(), merging.settled.len()), (1, 0));
    assert!(!has_moved(&groups(), found.value(WAS), &form("b", "1", "list")), "saved against the new state");
}

proptest! {
    #[test]
    fn nothing_that_either_typed_is_lost(
        base in ("[ab]{0,2}", "[12]{0,1}", "[xy]{0,1}"),
        theirs in ("[ab]{0,2}", "[12]{0,1}", "[xy]{0,1}"),
        mine in ("[ab]{0,2}", "[12]{0,1}", "[xy]{0,1}"),
    ) {
        let make = |(title, amount, basis): &(String, String, String)| form(title, amount, basis);
        let (base, theirs, mine) = (make(&base), make(&theirs), make(&mine));
        let found = merge(&base, &theirs, &mine);
        let merging = found.merging().expect("a merging");
        for (at, group) in groups().iter().enumerate() {
            let [was, others, own, now] =
                [&base, &theirs, &mine, &found].map(|form| whole(form).remove(at));
            let is_open = merging.open.iter().any(|open| open.name == group.name);
            // Who changed nothing takes what the other has; who alone changed it keeps it.
            let expected = if own == was { &others } else { &own };
            prop_assert_eq!(&now, expected);
            prop_assert_eq!(is_open, own != was && others != was && own != others);
        }
        // Every choice ends at one of the two versions, whole.
        for pick in ["mine", "theirs"] {
            let sent = sent(&found, pick);
            let pairs = sent.pairs();
            let view = FormView::new("").typed(pairs);
            for (at, group) in groups().iter().enumerate() {
                let [others, own, end] = [&theirs, &mine, &view].map(|form| whole(form).remove(at));
                prop_assert!(end == others || end == own, "{}", group.name);
            }
        }
    }
}
