//! Chinese names as they are typed on a Latin keyboard: by their sounds (`guangzhou`, `guang zhou`, `guǎngzhōu`), by
//! the first letters of these (`gz`), by their characters, or by a mixture (`广zhou`). A character that has several
//! readings fits by each of them (重庆 is `chongqing`). What lies between words of a name may be left out, as people do
//! (广州经侦 or `gzjz` for 广州市公安局经侦支队).

use std::{
    collections::HashMap,
    iter,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use ::pinyin::{Pinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

/// Most bytes that are looked for, so that their places fit into a number.
const LONGEST: usize = 120;
/// So many names of the database are remembered with their sounds.
const REMEMBERED: usize = 50_000;

/// What somebody typed to find a name by: small letters, figures and characters, without blanks, marks and tones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed(String);

impl Typed {
    /// `None` where nothing is left to look for, or more than any name has.
    pub fn new(text: &str) -> Option<Typed> {
        let kept: String = text
            .nfkd()
            .flat_map(char::to_lowercase)
            .filter(|ch| ch.is_alphanumeric())
            .take(LONGEST)
            .collect();
        let is_sought = !kept.is_empty() && kept.len() <= LONGEST;
        is_sought.then_some(Typed(kept))
    }
}

/// How well what was typed fits a name; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Whole,
    Begins,
    WholeByInitials,
    BeginsByInitials,
    Within,
    WithinByInitials,
    /// By words of it with others left out between them: 广州经侦 of 广州市公安局经侦支队.
    Apart,
}

/// One character of a name, with what can be typed for it.
#[derive(Clone, Debug)]
struct Cell {
    own: String,
    readings: Vec<String>,
    initials: Vec<String>,
    /// 市 of 广州市: few type it.
    is_ending: bool,
}

impl Cell {
    fn new(ch: char) -> Self {
        let mut readings: Vec<String> = Vec::new();
        for sound in ch.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain) {
            // ü has no key: some type v, some u.
            for typed in [sound.replace('ü', "v"), sound.replace('ü', "u")] {
                if typed.is_ascii() && !readings.contains(&typed) {
                    readings.push(typed);
                }
            }
        }
        let mut initials: Vec<String> = Vec::new();
        for sound in &readings {
            let two = ["zh", "ch", "sh"].iter().any(|pair| sound.starts_with(pair)).then_some(2);
            for length in iter::once(1).chain(two) {
                let initial = sound[..length].to_owned();
                if !initials.contains(&initial) {
                    initials.push(initial);
                }
            }
        }
        let is_ending = matches!(ch, '省' | '市' | '区' | '县' | '罪');
        Self { own: ch.to_string(), readings, initials, is_ending }
    }

    /// The places that typing this character leads to from `from`, where `rest` begins.
    fn reach(&self, rest: &str, from: usize, how: How) -> u128 {
        let initials = if how.by_initials { self.initials.as_slice() } else { &[] };
        let mut reached: u128 = 0;
        for option in iter::once(&self.own).chain(&self.readings).chain(initials) {
            if rest.starts_with(option.as_str()) {
                reached |= 1_u128 << (from + option.len());
            } else if how.rough && option.starts_with(rest) {
                reached |= 1_u128 << (from + rest.len());
            }
        }
        reached
    }
}

/// How strictly is compared.
#[derive(Clone, Copy)]
struct How {
    by_initials: bool,
    /// The last character's sound may be typed in part.
    rough: bool,
}

/// A name with the sounds of its characters. It may have parts before it, as a region has the regions above it: with
/// these it is found too (`zhejianghangzhou`), but never by these alone.
#[derive(Clone, Debug, Default)]
pub struct Spelled {
    cells: Vec<Cell>,
    /// Where the parts begin; the name itself is the last one.
    starts: Vec<usize>,
}

impl Spelled {
    /// A name without any part before it.
    pub fn new(name: &str) -> Self {
        Self::in_parts([name])
    }

    /// A name, the last of `parts`, with what stands before it.
    pub fn in_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut spelled = Self::default();
        for part in parts {
            spelled.starts.push(spelled.cells.len());
            let kept = part.nfkd().flat_map(char::to_lowercase).filter(|ch| ch.is_alphanumeric());
            spelled.cells.extend(kept.map(Cell::new));
        }
        spelled
    }

    /// Where the name itself begins.
    fn own(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// How many characters it takes from `start` on until all that was typed is used up; `None`: it does not fit. All
    /// places that can be reached are carried along at once, so no name and no typing makes this slow.
    fn run(&self, start: usize, typed: &str, how: How) -> Option<usize> {
        let end: u128 = 1 << typed.len();
        let mut reached: u128 = 1;
        for (place, cell) in self.cells.iter().enumerate().skip(start) {
            let mut next = if cell.is_ending && place > start { reached } else { 0 };
            let mut left = reached;
            while left != 0 {
                let from = left.trailing_zeros() as usize;
                left &= left - 1;
                next |= cell.reach(&typed[from..], from, how);
            }
            if next & end != 0 {
                return Some(place + 1);
            }
            if next == 0 {
                return None;
            }
            reached = next;
        }
        None
    }

    /// Whether what was typed is the beginning of the name and then further words of it, each of two characters or more; what
    /// lies between them is left out. Of a name in Latin letters nothing is: any text is scattered in a long one.
    fn is_apart(&self, typed: &str, how: How) -> bool {
        let end: u128 = 1 << typed.len();
        // The places reached with one character of a word, with more of them, and between two words.
        let (mut one, mut more, mut between): (u128, u128, u128) = (0, 0, 1);
        for (n, cell) in self.cells.iter().skip(self.own()).enumerate() {
            let reach = |mut left: u128| {
                let mut reached: u128 = 0;
                while left != 0 {
                    let from = left.trailing_zeros() as usize;
                    left &= left - 1;
                    reached |= cell.reach(&typed[from..], from, how);
                }
                reached
            };
            // One character that all ends with is no word.
            let (begun, gone_on) = (reach(between) & !end, reach(one | more));
            if gone_on & end != 0 {
                return true;
            }
            let left_out = if n == 0 || cell.readings.is_empty() { 0 } else { between | more };
            if cell.is_ending && n > 0 {
                (one, more) = (begun | one, gone_on | more);
            } else {
                (one, more) = (begun, gone_on);
            }
            between = left_out;
        }
        false
    }

    /// Whether nothing is left from `place` on but 市 and the like.
    fn is_over(&self, place: usize) -> bool {
        self.cells[place..].iter().all(|cell| cell.is_ending)
    }

    /// How well it fits; `None`: not at all.
    pub fn fit(&self, typed: &Typed) -> Option<Fit> {
        let (text, own) = (typed.0.as_str(), self.own());
        for (by_initials, whole, begins) in
            [(false, Fit::Whole, Fit::Begins), (true, Fit::WholeByInitials, Fit::BeginsByInitials)]
        {
            let how = How { by_initials, rough: true };
            if let Some(end) = self.run(own, text, how) {
                return Some(if self.is_over(end) { whole } else { begins });
            }
            let with_parts = |start: &usize| *start < own && self.run(*start, text, how) > Some(own);
            if self.starts.iter().any(with_parts) {
                return Some(begins);
            }
        }
        // One letter stands in half of all names.
        if text.len() < 2 {
            return None;
        }
        for (by_initials, within) in [(false, Fit::Within), (true, Fit::WithinByInitials)] {
            let how = How { by_initials, rough: true };
            if (own + 1..self.cells.len()).any(|start| self.run(start, text, how).is_some()) {
                return Some(within);
            }
        }
        let apart = self.is_apart(text, How { by_initials: true, rough: true });
        apart.then_some(Fit::Apart)
    }

    /// Whether the whole name was typed, by sounds or characters, 市 and the like left out or not.
    pub fn is(&self, typed: &Typed) -> bool {
        let how = How { by_initials: false, rough: false };
        let own = self.own();
        let is_whole = |start: &usize| {
            let end = self.run(*start, typed.0.as_str(), how);
            end.is_some_and(|end| end > own && self.is_over(end))
        };
        self.starts.iter().any(is_whole)
    }
}

/// A name of the database with its sounds; looked up once, then remembered.
pub fn spelled(name: &str) -> Arc<Spelled> {
    static KNOWN: OnceLock<RwLock<HashMap<String, Arc<Spelled>>>> = OnceLock::new();
    let known = KNOWN.get_or_init(RwLock::default);
    if let Some(found) = known.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return found.clone();
    }
    let new = Arc::new(Spelled::new(name));
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(name.to_owned(), new.clone());
    new
}

/// How well what was typed fits the one of several names of a thing that it fits best. A name in Latin letters is found by
/// these.
pub fn fit(names: &[&str], typed: &Typed) -> Option<Fit> {
    names.iter().filter_map(|name| spelled(name).fit(typed)).min()
}

/// How well a text of one word or several fits a thing by its names: as one, or each word for itself, as badly as the word
/// that fits worst.
pub fn fit_words(names: &[&str], text: &str) -> Option<Fit> {
    let as_one = Typed::new(text).and_then(|typed| fit(names, &typed));
    let apart: Option<Vec<Fit>> =
        text.split_whitespace().map(|word| fit(names, &Typed::new(word)?)).collect();
    let apart = apart.and_then(|fits| fits.into_iter().max());
    as_one.into_iter().chain(apart).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit_of(name: &str, text: &str) -> Option<Fit> {
        Spelled::new(name).fit(&Typed::new(text)?)
    }

    #[test]
    fn a_name_is_found_by_sounds_initials_and_characters() {
        for text in
            ["guangzhou", "guang zhou", "Guǎngzhōu", "guangzhoushi", "广州", "广zhou", "ＧＵＡＮＧＺＨＯＵ"]
        {
            assert_eq!(fit_of("广州市", text), Some(Fit::Whole), "{text}");
        }
        assert_eq!(fit_of("广州市", "guangzh"), Some(Fit::Whole));
        assert_eq!(fit_of("广州市", "guang"), Some(Fit::Begins));
        assert_eq!(fit_of("广州市", "gz"), Some(Fit::WholeByInitials));
        assert_eq!(fit_of("广州市公安局", "gzga"), Some(Fit::BeginsByInitials));
        assert_eq!(fit_of("广州市公安局", "gongan"), Some(Fit::Within));
        assert_eq!(fit_of("生产、销售伪劣产品罪", "wlcp"), Some(Fit::WithinByInitials));
        assert_eq!(fit_of("西安市", "xi'an"), Some(Fit::Whole));
        for (name, text) in
            [("广州市", "shenzhen"), ("广州市", "guangzhouu"), ("广州市", "sz"), ("广州市", "")]
        {
            assert_eq!(fit_of(name, text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_between_words_of_a_name_may_be_left_out() {
        let bureau = "广州市公安局经侦支队";
        for text in
            ["gzjz", "广州经侦", "guangzhoujingzhen", "广州jz", "gzjzzd", "广州公安经侦", "广州经侦支队"]
        {
            assert_eq!(fit_of(bureau, text), Some(Fit::Apart), "{text}");
        }
        // One character alone is no word, the beginning is not left out, and the order is the name's.
        for text in ["gzj", "广经", "广侦", "深圳经侦", "经侦广州", "gzjd", "gzjzh1"] {
            assert_ne!(fit_of(bureau, text), Some(Fit::Apart), "{text}");
        }
        assert_eq!(fit_of("Guangzhou economic crime investigation", "guangcrime"), None);
    }

    #[test]
    fn a_character_fits_by_each_of_its_readings() {
        for (name, text) in [
            ("重庆市", "chongqing"),
            ("厦门市", "xiamen"),
            ("长沙市", "changsha"),
            ("六安市", "luan"),
            ("蚌埠市", "bengbu"),
            ("吕梁市", "lvliang"),
            ("吕梁市", "luliang"),
            ("番禺区", "panyu"),
            ("台州市", "taizhou"),
            ("银行", "yinhang"),
        ] {
            let typed = Typed::new(text).unwrap();
            assert!(Spelled::new(name).is(&typed), "{name} {text}");
        }
        assert!(!Spelled::new("西安市").is(&Typed::new("xia").unwrap()));
        assert!(!Spelled::new("广州市").is(&Typed::new("gz").unwrap()));
    }

    #[test]
    fn several_words_all_fit() {
        let bureau = ["广州市公安局经济犯罪侦查支队", "Guangzhou Economic Crime Division"];
        for text in ["guangzhou gongan", "gz", "广州 经济", "economic", "gongan jingji", "Guangzhou Economic"]
        {
            assert!(fit_words(&bureau, text).is_some(), "{text}");
        }
        for text in ["guangzhou haiguan", "  ", "customs"] {
            assert_eq!(fit_words(&bureau, text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_name_is_typed_or_not_but_never_alone() {
        let west_lake = Spelled::in_parts(["浙江省", "杭州市", "西湖区"]);
        let fit = |text: &str| west_lake.fit(&Typed::new(text).unwrap());
        for text in ["zhejianghangzhouxihu", "杭州西湖区", "hangzhouxihu", "zjhzxh", "hzxh"] {
            assert!(fit(text) <= Some(Fit::BeginsByInitials) && fit(text).is_some(), "{text}");
        }
        assert_eq!(fit("xihu"), Some(Fit::Whole));
        for text in ["zhejiang", "hangzhou", "hz", "zjhz"] {
            assert_eq!(fit(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(name in "\\PC{0,24}", text in "\\PC{0,60}") {
            if let Some(typed) = Typed::new(&text) {
                let _ = Spelled::new(&name).fit(&typed);
                let _ = spelled(&name).is(&typed);
            }
        }

        #[test]
        fn every_beginning_of_the_sounds_finds_the_name(length in 1_usize..13) {
            prop_assert!(fit_of("浙江省", &"zhejiangsheng"[..length]).is_some());
        }
    }
}
