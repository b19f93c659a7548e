//! What was read of a file, as its page shows it.

use super::{
    archive::Listing,
    bounds::Unreadable,
    digest::Verdict,
    letter::Letter,
    marks,
    open::Facts,
    pages::{AttachmentView, Grid, ReadPage},
    photo::{Said, Told},
    table::Table,
    text::Page,
    wacz::Wacz,
    warc::{MOST_SHOTS, Web},
};
use crate::platform::{
    file_size,
    http::{
        link::Query,
        view::{Fact, Link},
    },
    money,
};

/// Characters of an address or a title.
const MOST_LINE: usize = 500;

fn line(text: &str) -> String {
    marks::line(text, MOST_LINE)
}

fn grouped(n: impl TryInto<u64>) -> String {
    money::grouped(n.try_into().unwrap_or(u64::MAX))
}

impl ReadPage {
    fn t(&self, key: &str) -> String {
        self.c.t(key)
    }

    fn note(&mut self, key: &str, is: bool) {
        if is {
            self.notes.push(self.t(key));
        }
    }

    /// A fact, where there is something to tell.
    fn say(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.facts.push(Fact::new(self.t(key), line(value)));
        }
    }

    fn heads<const N: usize>(&self, keys: [&str; N]) -> Vec<String> {
        keys.into_iter().map(|key| self.t(key)).collect()
    }

    /// Puts in what was read; `here` is the page's address, `href` the item's.
    pub(super) fn show(&mut self, read: Result<Facts, Unreadable>, here: &Query, href: &str) {
        match read {
            Err(why) => self.unread = self.t(why.key()),
            Ok(Facts::Text(page)) => self.show_text(page, here),
            Ok(Facts::Table(table)) => self.show_table(table, here),
            Ok(Facts::Beginning(table)) => {
                self.note("reading-table-beginning", true);
                self.show_table(table, here);
            }
            Ok(Facts::Photo(Some(told))) => self.show_photo(told),
            Ok(Facts::Photo(None)) => self.note("reading-exif-broken", true),
            Ok(Facts::Paper(found)) => {
                self.notes.extend(found.iter().map(|key| self.c.t(key)).collect::<Vec<_>>());
                self.note("reading-pdf-plain", found.is_empty());
            }
            Ok(Facts::Letter(letter)) => self.show_letter(letter, href),
            Ok(Facts::Archive(listing)) => self.show_listing(&listing),
            Ok(Facts::Web(web)) => self.show_web(&web, href),
            Ok(Facts::Wacz(wacz)) => self.show_wacz(wacz, href),
        }
    }

    fn turn(&mut self, here: &Query, page: u64, pages: Option<u64>, has_next: bool) {
        let at =
            |page: u64| here.with("page", &if page == 0 { String::new() } else { page.to_string() }).href();
        if page > 0 {
            self.previous = at(page - 1);
        }
        if has_next {
            self.next = at(page + 1);
        }
        if page > 0 || has_next {
            self.place = match pages {
                Some(pages) => self.page_of(page, pages),
                None => self.c.tv("reading-page", "page", grouped(page + 1)),
            };
        }
    }

    /// A page of a PDF, from 0, or why there is none. What was found in its bytes stands beside either.
    pub(super) fn show_paper(
        &mut self,
        pages: Result<usize, &'static str>,
        page: u64,
        here: &Query,
        href: &str,
    ) {
        let pages = match pages {
            Ok(pages) => pages as u64,
            Err(why) => {
                self.unread = self.t(why);
                return;
            }
        };
        // Its bytes are too many to be searched for what acts, not to be drawn.
        self.unread.clear();
        let page = page.min(pages.saturating_sub(1));
        self.turn(here, page, Some(pages), page + 1 < pages);
        self.drawn = format!("{href}/pages/{}", page + 1);
        self.drawn_as = self.page_of(page, pages);
    }

    /// Which page, from 0, of how many.
    fn page_of(&self, page: u64, pages: u64) -> String {
        let said = [("page", grouped(page + 1)), ("pages", grouped(pages))];
        self.c.ta("reading-page-of", &said.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    fn show_text(&mut self, page: Page, here: &Query) {
        self.say("reading-encoding", page.encoding);
        self.note("reading-text-faults", page.has_faults);
        self.turn(here, page.number, Some(page.pages), page.number + 1 < page.pages);
        self.is_text = true;
        self.text = page.text;
    }

    fn show_table(&mut self, table: Table, here: &Query) {
        self.say("reading-encoding", table.encoding);
        self.note("reading-table-cut", table.is_cut);
        self.note("reading-table-narrowed", table.is_narrowed);
        let sheet = |(n, name): (usize, &String)| {
            let number = if n == 0 { String::new() } else { n.to_string() };
            Link::new(name, here.without("page").with("sheet", &number).href()).current(n == table.sheet)
        };
        self.sheets = table.sheets.iter().enumerate().map(sheet).collect();
        self.turn(here, table.page as u64, None, table.has_next);
        let width = table.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let heads = std::iter::once(self.t("reading-row")).chain((0..width).map(letters)).collect();
        let row = |(number, mut cells): (usize, Vec<String>)| {
            cells.resize(width, String::new());
            cells.insert(0, number.to_string());
            cells
        };
        let rows = table.rows.into_iter().map(row).collect();
        self.grids.push(Grid::wide(self.t("reading-table"), heads, rows));
    }

    fn show_photo(&mut self, told: Vec<Told>) {
        self.note("reading-exif-none", told.is_empty());
        self.note("reading-exif-claims", !told.is_empty());
        for (key, said) in told {
            let value = match said {
                Said::Text(text) => text,
                Said::Word(word) => self.t(word),
                Said::Place(north, east) => format!("{north:.6}, {east:.6}"),
                Said::Height(metres) => format!("{metres:.1} m"),
            };
            self.say(key, &value);
        }
    }

    fn show_letter(&mut self, letter: Letter, href: &str) {
        for (key, value) in [
            ("reading-mail-from", &letter.from),
            ("reading-mail-to", &letter.to),
            ("reading-mail-cc", &letter.cc),
            ("reading-mail-reply-to", &letter.reply_to),
            ("reading-mail-date", &letter.date),
            ("reading-mail-subject", &letter.subject),
            ("reading-mail-id", &letter.message_id),
        ] {
            self.say(key, value);
        }
        self.note("reading-mail-claims", true);
        self.note("reading-mail-was-page", letter.was_page);
        self.note("reading-cut", letter.is_cut);
        if !letter.received.is_empty() {
            let rows = letter.received.into_iter().map(|one| vec![one]).collect();
            let heads = self.heads(["reading-mail-received"]);
            self.grids.push(Grid::listed(self.t("reading-mail-way"), heads, rows));
        }
        self.is_text = true;
        self.text = letter.text;
        self.attachments = letter
            .attachments
            .into_iter()
            .enumerate()
            .map(|(n, one)| AttachmentView {
                number: n + 1,
                name: line(&one.name),
                media_type: one.media_type,
                size: file_size::short(one.size as u64),
                sha256: one.sha256,
                register: format!("{href}/attachments/{}", n + 1),
            })
            .collect();
    }

    fn show_listing(&mut self, listing: &Listing) {
        self.say("reading-archive-entries", &grouped(listing.total));
        self.note("reading-archive-listed", true);
        self.note("reading-cut", listing.is_cut);
        self.note("reading-broken", listing.is_broken);
        let is_marked =
            listing.lines.iter().any(|one| one.marks.iter().any(|mark| *mark != "reading-nested"));
        self.note("reading-archive-danger", is_marked);
        let heads = self.heads([
            "reading-archive-name",
            "reading-archive-marks",
            "reading-archive-packed",
            "reading-archive-unpacked",
            "reading-archive-time",
        ]);
        let rows = listing.lines.iter().map(|one| {
            let marks: Vec<String> = one.marks.iter().map(|mark| self.c.t(mark)).collect();
            let packed = one.packed.map_or_else(String::new, file_size::short);
            vec![
                one.name.clone(),
                marks.join(" · "),
                packed,
                file_size::short(one.unpacked),
                one.time.clone(),
            ]
        });
        let rows = rows.collect();
        self.grids.push(Grid::listed(self.t("reading-archive"), heads, rows));
    }

    fn show_web(&mut self, web: &Web, href: &str) {
        self.say("reading-web-software", &web.software);
        self.say("reading-web-records", &grouped(web.total));
        let times = || web.records.iter().map(|record| record.time.as_str()).filter(|time| !time.is_empty());
        self.say("reading-web-first", times().min().unwrap_or_default());
        self.say("reading-web-last", times().max().unwrap_or_default());
        self.note("reading-web-differing", web.differing > 0);
        self.note("reading-cut", web.is_cut);
        self.note("reading-broken", web.is_broken);
        let heads = self.heads([
            "reading-web-address",
            "reading-web-time",
            "reading-web-status",
            "reading-web-type",
            "reading-web-size",
            "reading-web-digest",
        ]);
        let rows = web.records.iter().map(|record| {
            let verdict = match record.verdict {
                Verdict::Agrees => "reading-digest-agrees",
                Verdict::Differs => "reading-digest-differs",
                Verdict::Unknown => "reading-digest-unknown",
            };
            vec![
                line(&record.address),
                line(&record.time),
                record.status.map_or_else(String::new, |status| status.to_string()),
                line(&record.media_type),
                file_size::short(record.size),
                self.c.t(verdict),
            ]
        });
        let rows = rows.collect();
        self.grids.push(Grid::listed(self.t("reading-web"), heads, rows));
        let shots = web.records.iter().filter(|record| record.is_shot);
        self.show_shots(shots.map(|record| (0, record.number, record.address.as_str())), href);
    }

    fn show_shots<'a>(&mut self, shots: impl Iterator<Item = (usize, usize, &'a str)>, href: &str) {
        let shot = |(part, number, address): (usize, usize, &str)| {
            Link::new(line(address), format!("{href}/screenshot?part={part}&n={number}"))
        };
        let mut shots = shots.map(shot);
        self.shots = shots.by_ref().take(MOST_SHOTS).collect();
        self.note("reading-shots-cut", shots.next().is_some());
    }

    fn show_wacz(&mut self, wacz: Wacz, href: &str) {
        self.say("reading-web-title", &wacz.title);
        self.say("reading-web-software", &wacz.software);
        self.say("reading-web-created", &wacz.created);
        self.say("reading-web-records", &grouped(wacz.records));
        self.say("reading-web-agreeing", &grouped(wacz.agreeing));
        self.note("reading-web-valid", wacz.faults.is_empty() && wacz.differing == 0 && !wacz.is_cut);
        self.note("reading-web-invalid", !wacz.faults.is_empty());
        self.note("reading-web-differing", wacz.differing > 0);
        self.note("reading-cut", wacz.is_cut);
        if !wacz.faults.is_empty() {
            let heads = self.heads(["reading-web-part", "reading-web-fault"]);
            let rows = wacz.faults.iter().map(|(key, name)| vec![line(name), self.c.t(key)]).collect();
            self.grids.push(Grid::listed(self.t("reading-web-faults"), heads, rows));
        }
        let heads = self.heads(["reading-web-address", "reading-web-title", "reading-web-time"]);
        let pages = wacz.pages.iter();
        let rows = pages.map(|page| vec![line(&page.address), line(&page.title), line(&page.time)]).collect();
        self.grids.push(Grid::listed(self.t("reading-web-pages"), heads, rows));
        let shots = wacz.shots.iter().map(|(part, number, address)| (*part, *number, address.as_str()));
        self.show_shots(shots, href);
    }
}

/// The letters by which a spreadsheet calls a column, from 0.
fn letters(column: usize) -> String {
    let one = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if column < 26 { one(column).to_string() } else { format!("{}{}", one(column / 26 - 1), one(column)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_told() {
        let here = Query::new("/evidence/1/read");
        let show = |facts| {
            let mut page = ReadPage::default();
            page.show(Ok(facts), &here, "/evidence/1");
            page
        };
        let shots = |n: usize| {
            show(Facts::Wacz(Wacz { shots: vec![(0, 0, "urn:view:x".into()); n], ..Wacz::default() }))
        };
        let (few, many) = (shots(MOST_SHOTS), shots(MOST_SHOTS + 1));
        assert_eq!((few.shots.len(), many.shots.len()), (MOST_SHOTS, MOST_SHOTS));
        let said = few.t("reading-shots-cut");
        assert!(!few.notes.contains(&said) && many.notes.contains(&said));
        let photo = show(Facts::Photo(None));
        assert!(photo.unread.is_empty() && photo.notes == [photo.t("reading-exif-broken")]);
        let list = show(Facts::Beginning(Table::default()));
        assert_eq!(list.notes, [list.t("reading-table-beginning")]);
    }

    #[test]
    fn a_paper_is_turned_page_by_page_and_one_that_can_not_be_drawn_says_why() {
        let here = Query::new("/evidence/1/read");
        let show = |pages, at| {
            let mut page = ReadPage::default();
            page.show_paper(pages, at, &here, "/evidence/1");
            page
        };
        let first = show(Ok(2), 0);
        assert_eq!((first.drawn.as_str(), first.previous.as_str()), ("/evidence/1/pages/1", ""));
        assert_eq!(first.next, "/evidence/1/read?page=1");
        let last = show(Ok(2), 99);
        assert_eq!((last.drawn.as_str(), last.next.as_str()), ("/evidence/1/pages/2", ""));
        assert!(show(Ok(1), 0).place.is_empty());
        let locked = show(Err("reading-locked"), 0);
        assert!(locked.drawn.is_empty() && locked.unread == locked.t("reading-locked"));
    }

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        assert_eq!([0, 25, 26, 51].map(letters), ["A", "Z", "AA", "AZ"]);
    }
}
