//! What the commands say of themselves: an example each, which settings they share, and in the language of the terminal.

use std::path::Path;

use super::commands::said;
use crate::support::process::{run, run_with};

#[test]
fn every_command_has_help_with_an_example() {
    let nowhere = Path::new("/nonexistent");
    for command in [
        "serve",
        "demo",
        "verify",
        "key",
        "key show",
        "key rotate",
        "key make",
        "key rewrap",
        "evidence",
        "evidence migrate",
        "report",
        "lead import",
        "agency import",
        "region import",
        "calendar import",
        "user",
        "user add",
        "user list",
        "user disable",
        "user reset-password",
        "user reset-second-factor",
        "token create",
        "backup",
        "restore",
        "check",
        "generate",
    ] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let done = run(nowhere, None, &args);
        assert_eq!(done.status.code(), Some(0), "{command}: {}", said(&done));
        let example = format!("lead-handoff {command}");
        let text = said(&done);
        let after = text.split("Example").nth(1).unwrap_or_default();
        assert!(after.contains(&example), "{command}: {text}");
    }
}

/// The settings that every command takes stand under a heading of their own, and nothing else does.
#[test]
fn a_commands_own_options_are_not_told_as_settings() {
    let shared = "--base-url --evidence-url --master-key --smtp-url --mail-from --time-zone --organisation --log \
                  --log-format";
    let shared: Vec<&str> = shared.split_whitespace().collect();
    for command in ["report", "demo", "serve", "backup", "check", "agency import", "lead import", "user add"]
    {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let text = said(&run(Path::new("/nonexistent"), None, &args));
        let settings = text.split("\nSettings:").nth(1).unwrap_or_else(|| panic!("{command}: {text}"));
        let settings = settings.split("Example").next().unwrap_or_default();
        let lines = settings.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        let flags: Vec<&str> = lines.filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(flags, shared, "{command}: {text}");
        assert!(!settings.contains("<FILE>"), "{command}: {text}");
    }
}

/// As the locale of the terminal says; so is what is wrong with a command line.
#[test]
fn help_is_in_the_language_of_the_terminal() {
    let nowhere = Path::new("/nonexistent");
    let chinese = [("LC_ALL", "zh_CN.UTF-8")];
    let asked: [&[&str]; 4] =
        [&["--help"], &["user", "add", "--help"], &["help", "backup"], &["agency", "import", "--help"]];
    for args in asked {
        let english = run(nowhere, None, args);
        let done = run_with(nowhere, None, &chinese, args);
        assert_eq!((done.status.code(), english.status.code()), (Some(0), Some(0)), "{}", said(&done));
        assert!(done.stderr.is_empty());
        let (text, before) = (said(&done), said(&english));
        for word in ["用法：", "选项：", "显示帮助"] {
            assert!(text.contains(word), "{args:?}: no {word} in {text}");
        }
        for word in ["Usage:", "Options:", "Settings:", "Example:", "Print help"] {
            assert!(!text.contains(word), "{args:?}: {word} in {text}");
        }
        assert!(before.contains("Usage:") && before.contains("Print help"), "{before}");
    }
    let text = said(&run_with(nowhere, None, &chinese, &["user", "add", "--help"]));
    assert!(text.contains("示例：") && text.contains("lead-handoff user add"), "{text}");
    assert!(text.contains("新建账号并生成一次性登录密码") && text.contains("--username"), "{text}");
    let codes = run(nowhere, None, &["verify", "--help"]);
    assert!(said(&codes).contains("Exit codes: 0,"), "{}", said(&codes));
    let codes = said(&run_with(nowhere, None, &chinese, &["verify", "--help"]));
    assert!(codes.contains("退出码：0，") && codes.contains("已有同名文件"), "{codes}");
    // Without a command it is the same help, as a fault.
    let none = run_with(nowhere, None, &chinese, &["user"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(none.stdout.is_empty() && said(&none).contains("用法："), "{}", said(&none));
    let wrong: [(&[&str], &str); 4] = [
        (&["user", "--no-such"], "没有“--no-such”这个参数"),
        (&["lead", "import"], "缺少必须给出的参数：<FILE>"),
        (&["usr"], "没有“usr”这个命令"),
        (&["calendar", "import", "a.csv", "--year", "soon"], "应为整数，不能是“soon”"),
    ];
    for (args, told) in wrong {
        let done = run_with(nowhere, None, &chinese, args);
        let text = said(&done);
        assert_eq!(done.status.code(), Some(2), "{args:?}: {text}");
        assert!(
            done.stdout.is_empty() && text.starts_with("错误：") && text.contains(told),
            "{args:?}: {text}"
        );
        assert!(!text.contains("error:") && !text.contains("Usage:"), "{args:?}: {text}");
        let english = run(nowhere, None, args);
        assert_eq!(english.status.code(), Some(2), "{args:?}");
        assert!(said(&english).starts_with("error:"), "{args:?}: {}", said(&english));
    }
}
