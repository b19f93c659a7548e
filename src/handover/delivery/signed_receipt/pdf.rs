//! The receipt as a paper, made from `receipt.json` alone: Chinese with English beneath, and the hash of that file. What
//! proves is the file and its signature; the paper says so.

use chrono::{DateTime, Utc};

use crate::{
    casework::dossier::receipt::{Receipt, SignedBy, Strength},
    platform::{
        error::{AppError, Result},
        pdf::{Align, Flow, Frame, Margins, Meta, Setup, Style, Words, grouped},
        time::in_zone,
    },
};

const TITLE: &str = "移送卷宗签收回执";
const TITLE_EN: &str = "Receipt of a dossier";

/// Draws a receipt; `sha256`: of its `receipt.json`, lower-case hex.
///
/// # Errors
/// `Internal` for a time that is none, or when the file can't be put together.
pub(super) fn pdf(receipt: &Receipt, sha256: &str) -> Result<Vec<u8>> {
    let made_at = DateTime::parse_from_rfc3339(&receipt.at).map_err(AppError::internal)?;
    let mut flow = Flow::new(Setup {
        meta: Meta {
            title: format!("{TITLE} {}", receipt.transfer_number),
            author: receipt.issuer.clone(),
            subject: TITLE_EN.into(),
            keywords: vec![receipt.transfer_number.clone(), receipt.lead_number.clone()],
            language: "zh-CN",
            made_at: made_at.with_timezone(&Utc),
        },
        margins: Margins::REPORT,
        words: Words {
            missing_text: "下列字符不在本文件所用字体之内，文中以其统一码编号代替，原文以receipt.json为准："
                .into(),
            ..Words::zh()
        },
        synthetic: receipt.synthetic,
    });
    let centred = Style::BODY.flush().aligned(Align::Centre);
    flow.paragraph(TITLE, centred.bold().sized(20.0));
    flow.paragraph(TITLE_EN, Style { after: 16.0, ..centred.sized(12.0) });
    flow.paragraph(&receipt.statement.zh, Style::BODY);
    flow.paragraph(&receipt.statement.en, Style { after: 12.0, ..Style::NOTE.sized(9.5) });
    facts(&mut flow, receipt);
    flow.space(8.0);
    flow.paragraph(
        "本页由receipt.json生成，供阅读。作证的是receipt.json及其签名receipt.sig：两者与卷宗包一并保存，可随时离线核验（lead-handoff verify 卷宗包.zip --receipt receipt.json）。",
        Style::NOTE,
    );
    flow.paragraph(
        "This page was made from receipt.json to be read. What proves is receipt.json with its signature receipt.sig: keep both with the package; they can be checked offline (lead-handoff verify PACKAGE.zip --receipt receipt.json).",
        Style::NOTE,
    );
    let foot = vec!["回执校验值 SHA-256（receipt.json）".to_owned(), grouped(sha256)];
    let frame = Frame { foot, numbered: true, ..Frame::default() };
    flow.finish(&|_, _| frame.clone()).map_err(AppError::internal)
}

/// How the recipient showed who they are.
fn strength(receipt: &Receipt) -> String {
    match (receipt.strength(), &receipt.second_factor_at) {
        (Some(Strength::Passkey), _) => {
            "通行密钥签名（由签收人本人签署，服务器附签）\nPasskey: signed by the recipient, countersigned by the server".into()
        }
        (Some(Strength::PasswordAndCode), Some(at)) => {
            let at = in_zone(at, &receipt.zone);
            format!(
                "密码加验证码（效力较弱，由平台代为签署），核对于{at}\nPassword and code (of the app, or a recovery code), the weaker kind: the platform signs for the recipient; shown at {at}"
            )
        }
        (Some(Strength::PasswordAndCode), None) => {
            "密码，未经二次验证（效力较弱，由平台代为签署）\nPassword alone, the weaker kind: the platform signs for the recipient"
                .into()
        }
        (Some(Strength::Paper), _) => "纸质回执扫描件\nScan of a paper receipt".into(),
        (None, _) => receipt.strength.clone(),
    }
}

/// A role in both languages; a word that only a later version has stays as it is.
fn role(word: &str) -> &str {
    match word {
        "liaison" => "联络员 Liaison",
        other => other,
    }
}

/// Who signed: name, role and account. Of a paper only the organisation that recorded it.
fn who(signer: &SignedBy, is_paper: bool) -> (&'static str, String) {
    if is_paper {
        return ("登记单位 Recorded by", signer.name.clone());
    }
    let in_role = signer.role.as_deref().map(|word| format!("（{}）", role(word))).unwrap_or_default();
    let account = signer.account.map(|id| format!("\n{id}")).unwrap_or_default();
    ("签收人 Signed by", format!("{}{in_role}{account}", signer.name))
}

fn facts(flow: &mut Flow, receipt: &Receipt) {
    let agency = &receipt.agency;
    let agency = format!("{}（{}）\n{}", agency.name_zh, agency.code, agency.name_en);
    let mut rows: Vec<(&str, String)> = vec![
        ("移送编号 Transfer", receipt.transfer_number.clone()),
        ("线索编号 Lead", receipt.lead_number.clone()),
        ("卷宗版本 Version", receipt.version.to_string()),
        ("移送单位 Sent by", receipt.issuer.clone()),
    ];
    if let Some(sent) = &receipt.sent {
        rows.push(("移送时间 Sent at", format!("{}\n{}", in_zone(&sent.at, &receipt.zone), receipt.zone)));
        rows.push(("移送的日志记录 Log entry of the sending", sent.audit_entry.to_string()));
    }
    rows.extend([("签收单位 Received by", agency.trim_end().to_owned())]);
    // The server knows when a paper was recorded, and its scan on which day it was received.
    let is_paper = receipt.paper.is_some();
    if let Some(day) = receipt.paper.as_ref().and_then(|paper| paper.on_day) {
        rows.push(("签收日期 Day of receipt", day.to_string()));
    }
    let when = if is_paper { "登记时间 Recorded at" } else { "签收时间 Time" };
    rows.push((when, format!("{}\n{}", in_zone(&receipt.at, &receipt.zone), receipt.zone)));
    rows.push(who(&receipt.signer, is_paper));
    rows.push(("签署方式 Signed with", strength(receipt)));
    if let Some(by) = &receipt.passkey {
        let key = by.assertion.key().map(|key| grouped(&key.fingerprint())).unwrap_or_default();
        rows.extend([
            ("通行密钥指纹 Passkey (SHA-256)", format!("{key}\n{}", by.assertion.algorithm)),
            ("密钥所属站点 Site", by.site.origin.clone()),
            ("出示时间 Shown at", in_zone(&by.issued_at, &receipt.zone)),
        ]);
    }
    if let Some(paper) = &receipt.paper {
        rows.push(("扫描件校验值 Scan (SHA-256)", grouped(&paper.scan_sha256)));
    }
    rows.extend([
        ("封存文件校验值 seal.json (SHA-256)", grouped(&receipt.seal_sha256)),
        ("清单校验值 Manifest (SHA-256)", grouped(&receipt.manifest_sha256)),
        ("服务器公钥指纹 Key fingerprint", receipt.key_fingerprint.clone()),
    ]);
    flow.facts(&rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        casework::dossier::{
            receipt::{KIND, Paper, SCHEMA, Sent, statement},
            seal::SealedFor,
        },
        platform::db::Id,
    };

    fn receipt(strength: Strength) -> Receipt {
        let agency =
            SealedFor { code: "A1".into(), name_zh: "某市公安局".into(), name_en: "Some Police".into() };
        let is_paper = strength == Strength::Paper;
        Receipt {
            schema: SCHEMA.into(),
            kind: KIND.into(),
            synthetic: true,
            issuer: "平台治理部".into(),
            transfer_number: "YS-2026-0001".into(),
            lead_number: "XS-2026-000001".into(),
            version: 1,
            seal_sha256: "a".repeat(64),
            manifest_sha256: "b".repeat(64),
            statement: statement(strength, &agency, "平台治理部", ("YS-2026-0001", "XS-2026-000001", 1)),
            agency,
            sent: Some(Sent { at: "2026-05-11T10:00:00.000000+08:00".into(), audit_entry: Id::new() }),
            signer: SignedBy {
                account: (!is_paper).then(Id::new),
                role: (!is_paper).then(|| "liaison".into()),
                name: "甲".into(),
            },
            at: "2026-05-12T09:30:00.000000+08:00".into(),
            zone: "Asia/Shanghai".into(),
            strength: strength.to_string(),
            second_factor_at: None,
            paper: is_paper.then(|| Paper { scan_sha256: "c".repeat(64), on_day: None }),
            passkey: None,
            key_fingerprint: "0000 1111".into(),
        }
    }

    #[test]
    fn of_a_paper_the_organisation_stands_there_and_no_account() {
        let signer = receipt(Strength::PasswordAndCode).signer;
        let account = signer.account.unwrap();
        assert_eq!(who(&signer, false).1, format!("甲（联络员 Liaison）\n{account}"));
        let organisation = receipt(Strength::Paper).signer;
        assert_eq!(who(&organisation, true), ("登记单位 Recorded by", "甲".into()));
    }

    #[test]
    fn it_says_plainly_which_kind_it_is() {
        let weaker = strength(&receipt(Strength::PasswordAndCode));
        assert!(weaker.contains("效力较弱，由平台代为签署") && weaker.contains("weaker kind"), "{weaker}");
        let signed = strength(&receipt(Strength::Passkey));
        assert!(signed.starts_with("通行密钥签名") && !signed.contains("较弱"), "{signed}");
    }

    #[test]
    fn the_same_receipt_is_the_same_paper_with_title_and_language() {
        for strength in [Strength::Passkey, Strength::PasswordAndCode, Strength::Paper] {
            let receipt = receipt(strength);
            let bytes = pdf(&receipt, &"d".repeat(64)).unwrap();
            assert!(bytes.starts_with(b"%PDF-") && bytes == pdf(&receipt, &"d".repeat(64)).unwrap());
            let document = lopdf::Document::load_mem(&bytes).unwrap();
            let catalog = document.catalog().unwrap();
            assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).unwrap(), b"zh-CN");
        }
        let broken = Receipt { at: "yesterday".into(), ..receipt(Strength::Paper) };
        assert!(pdf(&broken, "").is_err());
    }
}
