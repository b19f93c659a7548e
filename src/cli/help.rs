//! The help of the commands in the language of the terminal. In English it stands where the commands are declared; the
//! messages `help-cli-…` have it in each language, and a test holds the English ones to what is declared. Nothing of this is
//! made unless somebody asks for help in another language. What is wrong with a command line is told in that language too
//! (`cli-fault-…`), but for kinds that our commands hardly have.

use std::{error::Error as _, num::ParseIntError, process::ExitCode};

use clap::{
    Arg, Command, Error,
    error::{ContextKind, ErrorKind},
};

use crate::platform::i18n::{self, Lang};

/// What clap writes by itself, as it begins a line or stands in brackets behind a text; the message that stands for it.
const WORDS: [(&str, &str); 9] = [
    ("Usage:", "help-cli-word-usage"),
    ("Commands:", "help-cli-word-commands"),
    ("Arguments:", "help-cli-word-arguments"),
    ("Options:", "help-cli-word-options"),
    ("Settings:", "help-cli-word-settings"),
    ("Example:", "help-cli-word-example"),
    ("Columns:", "help-cli-word-columns"),
    ("[default:", "help-cli-word-default"),
    ("[possible values:", "help-cli-word-values"),
];

/// `serve`, `lead-import`: a command as it stands in a key.
fn under(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}-{name}") }
}

fn key_of_command(path: &str) -> String {
    format!("help-cli-{path}")
}

/// The key of an argument's text: its command's own, else the one that all commands share.
fn key_of_arg(path: &str, arg: &Arg) -> String {
    let name = arg.get_id().as_str().replace('_', "-");
    let own = format!("help-cli-{path}-{name}");
    // `help` is a command below others too, whose text it would take.
    if name != "help" && i18n::has(Lang::En, &own) { own } else { format!("help-cli-arg-{name}") }
}

/// The paragraphs below the options of a command, each with the key of its text; an example has none.
fn notes<'a>(text: &'a str, path: &str) -> Vec<(Option<String>, &'a str)> {
    let mut n = 0;
    let note = |part: &'a str| {
        if part.starts_with("Example:") {
            return (None, part);
        }
        n += 1;
        (Some(format!("help-cli-{path}-note-{n}")), part)
    };
    text.split("\n\n").map(note).collect()
}

/// What stands below the options, in `lang`. What is made of the words that a file may hold has no text of its own.
fn noted(text: &str, path: &str, lang: Lang) -> String {
    let word = |(key, part): (Option<String>, &str)| match key.filter(|key| i18n::has(lang, key)) {
        Some(key) => i18n::t(lang, &key),
        None => part.to_owned(),
    };
    let parts: Vec<String> = notes(text, path).into_iter().map(word).collect();
    parts.join("\n\n")
}

/// A command and those below it with their texts in `lang`. What is hidden, and what has no text, stays as it is.
fn said(command: Command, path: &str, lang: Lang) -> Command {
    let word = |arg: Arg| {
        let key = key_of_arg(path, &arg);
        if arg.get_help().is_none() || !i18n::has(lang, &key) {
            return arg;
        }
        // Of a command that has a short and a long help, `--help` says so in either.
        let has_long = arg.get_long_help().is_some();
        let arg = arg.help(i18n::t(lang, &key));
        if has_long { arg.long_help(i18n::t(lang, "help-cli-arg-help")) } else { arg }
    };
    command.mut_args(word).mut_subcommands(|sub| {
        let path = under(path, sub.get_name());
        let key = key_of_command(&path);
        let sub = if i18n::has(lang, &key) { sub.about(i18n::t(lang, &key)) } else { sub };
        let below = sub.get_after_help().map(|text| noted(&text.to_string(), &path, lang));
        let far_below = sub.get_after_long_help().map(|text| noted(&text.to_string(), &path, lang));
        let sub = if let Some(text) = below { sub.after_help(text) } else { sub };
        let sub = if let Some(text) = far_below { sub.after_long_help(text) } else { sub };
        // Below `help` clap has all commands once more, for itself.
        if path.ends_with("help") { sub } else { said(sub, &path, lang) }
    })
}

/// The words of clap in `lang`.
fn headed(text: &str, lang: Lang) -> String {
    let line = |line: &str| {
        WORDS.iter().fold(line.to_owned(), |line, (word, key)| {
            let is_there = line.starts_with(word) || (word.starts_with('[') && line.contains(word));
            if is_there { line.replacen(word, &i18n::t(lang, key), 1) } else { line }
        })
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("\n")
}

/// The command line with all of its texts in `lang`.
fn whole(mut command: Command, lang: Lang) -> Command {
    // With what clap adds: `help`, `--help`, `--version`.
    command.build();
    said(command, "", lang).about(i18n::t(lang, "help-cli-about"))
}

fn is_help(error: &Error) -> bool {
    use ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand};
    matches!(error.kind(), DisplayHelp | DisplayHelpOnMissingArgumentOrSubcommand)
}

/// What is wrong with a command line, in `lang`; `None` of a kind that only clap has words for.
fn fault(error: &Error, lang: Lang) -> Option<String> {
    let context =
        |kind: ContextKind| error.get(kind).map(ToString::to_string).filter(|said| !said.is_empty());
    let said = |key: &str, args: &[(&str, String)]| i18n::t_with(lang, key, args);
    let name = context(ContextKind::InvalidArg).or_else(|| context(ContextKind::InvalidSubcommand));
    let (name, value) = (name?, context(ContextKind::InvalidValue));
    let of_name = [("name", name.clone())];
    let mut text = match (error.kind(), value) {
        (ErrorKind::UnknownArgument, _) => said("cli-fault-unknown-argument", &of_name),
        (ErrorKind::InvalidSubcommand, _) => said("cli-fault-unknown-command", &of_name),
        (ErrorKind::MissingRequiredArgument, _) => said("cli-fault-missing-argument", &of_name),
        (ErrorKind::InvalidValue, None) => said("cli-fault-missing-value", &of_name),
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(value)) => {
            let is_number = error.source().is_some_and(|cause| cause.is::<ParseIntError>());
            let key = if is_number { "cli-fault-not-a-number" } else { "cli-fault-invalid-value" };
            said(key, &[("name", name), ("value", value)])
        }
        (ErrorKind::ArgumentConflict, _) => match context(ContextKind::PriorArg) {
            Some(other) if other != name => said("cli-fault-conflict", &[("name", name), ("other", other)]),
            _ => said("cli-fault-twice", &of_name),
        },
        _ => return None,
    };
    for (kind, key) in [
        (ContextKind::ValidValue, "cli-fault-values"),
        (ContextKind::SuggestedSubcommand, "cli-fault-suggested"),
        (ContextKind::SuggestedArg, "cli-fault-suggested"),
        (ContextKind::SuggestedValue, "cli-fault-suggested"),
    ] {
        if let Some(known) = context(kind) {
            text.push('\n');
            text.push_str(&said(key, &[("known", known)]));
        }
    }
    if let Some(usage) = context(ContextKind::Usage) {
        text.push_str("\n\n");
        text.push_str(&headed(&usage, lang));
    }
    Some(format!("{text}\n\n{}", i18n::t(lang, "cli-fault-help")))
}

/// Ends where the command line is no command to be run: with what is wrong with it, or with the help that it asks for.
pub(super) fn end(error: &Error, command: Command, lang: Lang) -> ExitCode {
    if lang == Lang::En {
        error.exit();
    }
    if !is_help(error) {
        let Some(text) = fault(error, lang) else { error.exit() };
        eprintln!("{text}");
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let mut command = whole(command, lang);
    let Err(help) = command.try_get_matches_from_mut(std::env::args_os()) else { error.exit() };
    let text = headed(&help.render().to_string(), lang);
    if help.use_stderr() {
        eprintln!("{text}");
    } else {
        tell!("{text}");
    }
    ExitCode::from(u8::try_from(help.exit_code()).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// `column: one, two`, a line each.
    fn is_listing(part: &str) -> bool {
        part.lines().all(|line| line.split_once(": ").is_some_and(|(column, _)| !column.contains(' ')))
    }

    /// One space for each stretch of white: lines are broken elsewhere in a file of messages.
    fn flat(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
    }

    /// Every key with its English text as it is declared.
    fn declared(command: &Command, path: &str, all: &mut Vec<(String, String)>) {
        for arg in command.get_arguments() {
            // Of a command that has a short and a long help clap says so beside its own words.
            let is_claps = |text: &str| arg.get_id() == "help" && text.starts_with("Print help (");
            if let Some(help) = arg.get_help().filter(|help| !is_claps(&help.to_string())) {
                all.push((key_of_arg(path, arg), help.to_string()));
            }
        }
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            let path = under(path, sub.get_name());
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            all.push((key_of_command(&path), about));
            for below in [sub.get_after_help(), sub.get_after_long_help()].into_iter().flatten() {
                for (key, part) in notes(&below.to_string(), &path) {
                    // Lists of columns and of words go by themselves.
                    if let Some(key) = key.filter(|key| i18n::has(Lang::Zh, key) || !is_listing(part)) {
                        all.push((key, part.to_owned()));
                    }
                }
            }
            if !path.ends_with("help") {
                declared(sub, &path, all);
            }
        }
    }

    #[test]
    fn every_command_and_argument_has_its_text_in_both_languages() {
        let mut command = crate::cli::Cli::command();
        command.build();
        // The product's own name stands before what it is.
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(about.ends_with(&i18n::t(Lang::En, "help-cli-about")), "{about}");
        let mut all = Vec::new();
        declared(&command, "", &mut all);
        assert!(all.len() > 100, "{}", all.len());
        for (key, text) in all {
            assert!(i18n::has(Lang::Zh, &key), "{key}: {text}");
            assert_eq!(flat(&i18n::t(Lang::En, &key)), flat(&text), "{key}");
        }
    }

    #[test]
    fn what_clap_says_by_itself_is_said_in_the_language_too() {
        let text =
            "甲\n\nUsage: a [OPTIONS]\n\nOptions:\n      --n <N>  乙 [default: 1]\n\nExample:\n  a --n 2";
        let said = headed(text, Lang::Zh);
        assert_eq!(
            said,
            "甲\n\n用法： a [OPTIONS]\n\n选项：\n      --n <N>  乙 [默认值： 1]\n\n示例：\n  a --n 2"
        );
    }

    #[test]
    fn what_is_wrong_with_a_command_line_is_said_in_the_language() {
        let told = |args: &[&str]| {
            let asked = ["lead-handoff"].iter().chain(args);
            let error = crate::cli::Cli::command().try_get_matches_from(asked).expect_err("a fault");
            assert_eq!(error.exit_code(), 2, "{args:?}");
            fault(&error, Lang::Zh).unwrap_or_else(|| panic!("{args:?}: {error}"))
        };
        let cases: [(&[&str], &[&str]); 7] = [
            (&["user", "--no-such"], &["“--no-such”"]),
            (&["lead", "import", "a.csv", "--dry-rum"], &["“--dry-rum”", "“--dry-run”"]),
            (&["lead", "import"], &["<FILE>"]),
            (&["usr"], &["“usr”", "user"]),
            (&["calendar", "import", "a.csv", "--year", "soon"], &["“soon”", "整数"]),
            (&["lead", "import", "a.csv", "--owner"], &["--owner"]),
            (&["lead", "import", "a.csv", "--owner", "x", "--owner", "y"], &["--owner"]),
        ];
        for (args, words) in cases {
            let text = told(args);
            assert!(text.starts_with("错误：") && text.contains("--help"), "{args:?}: {text}");
            assert!(words.iter().all(|word| text.contains(word)), "{args:?}: {text}");
            for word in ["error:", "Usage:", "unexpected", "required arguments", "tip:"] {
                assert!(!text.contains(word), "{args:?}: {word} in {text}");
            }
        }
    }

    #[test]
    fn the_help_of_each_command_is_in_the_language_that_is_asked_for() {
        let mut command = whole(crate::cli::Cli::command(), Lang::Zh);
        let asked = ["lead-handoff", "user", "add", "--help"];
        let help = command.try_get_matches_from_mut(asked).expect_err("help").render().to_string();
        let help = headed(&help, Lang::Zh);
        for word in ["用法：", "选项：", "设置：", "示例：", "显示帮助", "数据目录"] {
            assert!(help.contains(word), "{word}: {help}");
        }
        assert!(!help.contains("Print help") && !help.contains("Data folder"), "{help}");
    }
}
