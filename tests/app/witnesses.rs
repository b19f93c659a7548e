//! Two servers, one the witness of the other's log: heads are cosigned, a log that was set back or split is not and that is
//! told, and nothing waits for a witness that is away.

use std::sync::Arc;

use diesel::prelude::*;
use lead_handoff::platform::{
    db::{
        Instant,
        schema::{audit_witness, job, witnessed_log},
    },
    keys::{WitnessKey, part},
    witness::{Witness, request},
};
use tlog_tiles::{Checkpoint, EMPTY_HASH, Error, Hash, HashReader, prove_tree, stored_hashes, tree_hash};

use crate::support::{Reply, TestApp, browser, process::run, seed::GUANGZHOU, story};

/// A log and its witness, which does not know it before its first head.
struct Two {
    log: TestApp,
    witness: TestApp,
    key: WitnessKey,
}

impl Two {
    async fn new() -> Self {
        let log = TestApp::new().await;
        let witness = witness_of(&log, &[]).await;
        let printed = run(witness.data.path(), witness.database.url.as_deref(), &["key", "witness"]).stdout;
        let key = String::from_utf8(printed).expect("text").trim().parse().expect("a witness's key");
        let mut two = Self { log, witness, key };
        let base = two.witness.base.clone();
        two.at(&base);
        two
    }

    /// The log asks its witness at this address.
    fn at(&mut self, base: &str) {
        let mut settings = (*self.log.services.settings).clone();
        settings.witnesses = Witness::parse_all(&format!("{} {base}/witness", self.key)).expect("a witness");
        self.log.services.settings = Arc::new(settings);
    }

    /// A page of the log, by a server that knows the witness.
    async fn page(&self, username: &str, path: &str) -> Reply {
        let secret = self.log.session(username).await;
        browser(&self.log.restarted(), Some(secret)).get(path).await.expect(200)
    }

    /// What waits is due, and done.
    async fn again(&self) {
        self.log.settle().await;
        let due = self.log.services.db.write_quiet(|tx| {
            let at = tx.now().plus_seconds(-1);
            diesel::update(job::table.filter(job::state.eq("queued")))
                .set(job::run_at.eq(at))
                .execute(tx.conn())?;
            Ok(())
        });
        due.await.expect("due");
        self.log.settle().await;
    }

    /// A head that the log's own key signs.
    fn signed(&self, size: u64, root: Hash) -> String {
        signed(&self.log, size, root)
    }

    async fn post(&self, body: String) -> Reply {
        post(&self.witness, "127.0.0.1", body).await
    }

    /// When the witness last wrote down that it did not cosign.
    async fn refused_at(&self) -> Option<Instant> {
        let row = self.witness.services.db.read(|conn| {
            Ok(witnessed_log::table.select(witnessed_log::refused_at).first::<Option<Instant>>(conn)?)
        });
        row.await.expect("a row")
    }

    /// So many seconds go by since then.
    async fn later(&self, seconds: i64) {
        let done = self.witness.services.db.write_quiet(move |tx| {
            let at = tx.now().plus_seconds(-seconds);
            diesel::update(witnessed_log::table)
                .set(witnessed_log::refused_at.eq(Some(at)))
                .execute(tx.conn())?;
            Ok(())
        });
        done.await.expect("later");
    }
}

/// A witness of this log, with more settings.
async fn witness_of(log: &TestApp, more: &[(&'static str, String)]) -> TestApp {
    let of = ("LEAD_HANDOFF_WITNESS_OF", log.services.signer.public().to_string());
    TestApp::with(&[&[of][..], more].concat()).await
}

/// A head that the own key of a log signs.
fn signed(log: &TestApp, size: u64, root: Hash) -> String {
    let signer = &log.services.signer;
    let text = Checkpoint::new(signer.name(), size, root, "").expect("a checkpoint").to_bytes();
    signer.sign_note(&String::from_utf8(text).expect("text")).expect("signed")
}

/// Asks a witness, from an address as a proxy tells it.
async fn post(witness: &TestApp, address: &str, body: String) -> Reply {
    let stranger = witness.stranger();
    let request = stranger.client.post(stranger.url("/witness/add-checkpoint"));
    stranger.send(request.header("x-forwarded-for", address).body(body)).await
}

/// The tree of a log that grows.
#[derive(Default)]
struct Tree {
    size: u64,
    nodes: Vec<Hash>,
}

impl HashReader for Tree {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let node = |index: &u64| self.nodes[usize::try_from(*index).expect("a place")];
        Ok(indexes.iter().map(node).collect())
    }
}

impl Tree {
    fn grow(&mut self) {
        let new = stored_hashes(self.size, &self.size.to_be_bytes(), &*self).expect("hashes");
        self.nodes.extend(new);
        self.size += 1;
    }

    /// Its head, signed by the log, with the proof that leads there from the size `old`.
    fn request(&self, log: &TestApp, old: u64) -> String {
        let is_plain = old == 0 || old == self.size;
        let proof = if is_plain { Vec::new() } else { prove_tree(self.size, old, self).expect("a proof") };
        request(old, &proof, &signed(log, self.size, tree_hash(self.size, self).expect("a root")))
    }
}

#[tokio::test]
async fn the_newest_head_is_cosigned_and_nobody_rolls_a_witness_back() {
    let two = Two::new().await;
    let entries = two.witness.audit_count().await;
    two.again().await;
    let note = two.log.stranger().get("/api/v1/audit/checkpoint").await.expect(200).text();
    let parted = part(&note).expect("a note");
    assert!(two.key.has_cosigned(&parted.text, &parted.cosignatures[0]), "{note}");
    assert_eq!(two.witness.audit_count().await, entries, "cosigning makes no entry, and so no head");
    two.page("admin", "/admin/system").await.has("审计日志见证方").has("已联署至第").has_not("未获联署");
    two.page("auditor", "/audit").await.has("见证方").has("已联署至第");

    // The same head again is cosigned again; an older one, another one of the size, or a false proof is not.
    let head = Checkpoint::from_bytes(parted.text.as_bytes()).expect("a checkpoint");
    let (size, root) = (head.size(), *head.hash());
    two.post(request(size, &[], &parted.own)).await.expect(200);
    let older = two.post(request(0, &[], &two.signed(0, EMPTY_HASH))).await.expect(409);
    assert_eq!(
        (older.headers["content-type"].to_str().ok(), older.text()),
        (Some("text/x.tlog.size"), format!("{size}\n"))
    );
    let admin = two.witness.sign_in("admin").await;
    admin.get("/admin/system").await.expect(200).has("收到较早的检查点");
    // Of what anybody can send one refusal a minute is written down.
    let refused_at = two.refused_at().await;
    let false_proof = request(size, &[Hash([9; 32])], &two.signed(size + 1, Hash([8; 32])));
    two.post(false_proof.clone()).await.expect(422);
    assert!(refused_at.is_some() && two.refused_at().await == refused_at);
    admin.get("/admin/system").await.expect(200).has("收到较早的检查点").has_not("所附证明不成立");
    two.later(61).await;
    two.post(false_proof.clone()).await.expect(422);
    admin.get("/admin/system").await.expect(200).has("所附证明不成立").has_not("日志出现分叉");
    // A fork is written down at once, and nothing that comes later hides it.
    two.post(request(size, &[], &two.signed(size, Hash([7; 32])))).await.expect(409);
    admin.get("/admin/system").await.expect(200).has("日志出现分叉");
    two.later(3_600).await;
    let refused_at = two.refused_at().await;
    two.post(request(0, &[], &two.signed(0, EMPTY_HASH))).await.expect(409);
    two.post(false_proof).await.expect(422);
    assert_eq!(two.refused_at().await, refused_at);
    admin.get("/admin/system").await.expect(200).has("两个不同的检查点").has_not("收到较早的检查点");
    // None of it has moved the witness.
    two.post(request(size, &[], &two.signed(size, root))).await.expect(200);

    // What is no request, not signed by the log, or of a log that nobody named.
    two.post("old x\n\n".into()).await.expect(400);
    two.post(request(size + 1, &[], &parted.own)).await.expect(400);
    let forged = parted.own.replace(&format!("\n{size}\n"), &format!("\n{}\n", size + 1));
    two.post(request(size, &[], &forged)).await.expect(403);
    let other = two.witness.services.signer.clone();
    let text = Checkpoint::new(other.name(), 1, root, "").expect("a checkpoint").to_bytes();
    let strange = other.sign_note(&String::from_utf8(text).expect("text")).expect("signed");
    two.post(request(0, &[], &strange)).await.expect(404);
}

#[tokio::test]
async fn whoever_replays_heads_has_to_wait_and_the_log_goes_on() {
    let log = TestApp::new().await;
    let witness = witness_of(&log, &[("LEAD_HANDOFF_TRUSTED_PROXIES", "127.0.0.1".into())]).await;
    let (own, other) = ("203.0.113.9", "203.0.113.7");
    let mut tree = Tree::default();
    tree.grow();
    let oldest = tree.request(&log, 0);
    post(&witness, own, oldest.clone()).await.expect(200);
    // More heads than anybody may send for nothing.
    for _ in 0..25 {
        tree.grow();
        post(&witness, own, tree.request(&log, tree.size - 1)).await.expect(200);
    }
    // Whoever has read the heads of the log sends them again.
    let newest = tree.request(&log, tree.size);
    for _ in 0..10 {
        post(&witness, other, newest.clone()).await.expect(200);
        post(&witness, other, oldest.clone()).await.expect(409);
    }
    for replayed in [newest, oldest] {
        let waits = post(&witness, other, replayed).await.expect(429);
        assert!(waits.headers.contains_key("retry-after"));
    }
    // The log is not held up. It has forgotten what the witness knows, is told, and goes on from there.
    tree.grow();
    for _ in 0..25 {
        let told = post(&witness, own, tree.request(&log, 0)).await.expect(409);
        assert_eq!(told.text(), format!("{}\n", tree.size - 1));
    }
    post(&witness, own, tree.request(&log, tree.size - 1)).await.expect(200);
}

#[tokio::test]
async fn the_key_of_a_witness_is_made_for_what_a_log_has_signed() {
    const NONE: &str = "首次使用时生成";
    let log = TestApp::new().await;
    let witness = witness_of(&log, &[]).await;
    let admin = witness.sign_in("admin").await;
    let head = signed(&log, 1, Hash([1; 32]));
    let forged = head.replace("\n1\n", "\n2\n");
    post(&witness, "127.0.0.1", request(0, &[], &forged)).await.expect(403);
    admin.get("/admin/system").await.expect(200).has(NONE);
    post(&witness, "127.0.0.1", request(0, &[], &head)).await.expect(200);
    admin.get("/admin/system").await.expect(200).has_not(NONE);
}

#[tokio::test]
async fn of_two_requests_at_once_for_one_size_one_is_cosigned() {
    let two = Two::new().await;
    let (one, other) = (two.signed(5, Hash([1; 32])), two.signed(5, Hash([2; 32])));
    let (one, other) = tokio::join!(two.post(request(0, &[], &one)), two.post(request(0, &[], &other)));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_log_that_was_set_back_or_split_is_told() {
    for (size, told) in [(1_000_000, "被退回到较早的状态"), (1, "两者互不接续")] {
        let two = Two::new().await;
        // What the witness saw before is not what is there now.
        two.post(request(0, &[], &two.signed(size, Hash([3; 32])))).await.expect(200);
        two.again().await;
        two.page("admin", "/admin/system").await.has("未获联署").has(told);
        two.page("auditor", "/audit").await.has(told);
        let note = two.log.stranger().get("/api/v1/audit/checkpoint").await.expect(200).text();
        assert!(part(&note).expect("a note").cosignatures.is_empty());
    }
}

#[tokio::test]
async fn the_package_carries_the_cosignature_and_whoever_has_the_key_can_check_it() {
    let two = Two::new().await;
    let (_, dossiers) = story::sealed(&two.log, &[GUANGZHOU]).await;
    for _ in 0..2 {
        two.again().await;
    }
    let compiler = two.log.sign_in("compiler").await;
    let zip = compiler.get(&format!("/dossiers/{}/package.zip", dossiers[0])).await.expect(200).bytes;
    let room = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = room.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let sender = run(two.log.data.path(), two.log.database.url.as_deref(), &["key", "show"]).stdout;
    let (zip, sender) = (write("whole.zip", &zip), write("sender.txt", &sender));
    let verify = |more: &[&str]| {
        let done = run(room.path(), None, &[&["verify", &zip, "--public-key", &sender][..], more].concat());
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = verify(&["--witness", &two.key.to_string()]);
    assert!(code == Some(0) && said.contains("cosigned the head of the audit log: 20"), "{said}");
    let (code, said) = verify(&[]);
    assert!(code == Some(0) && said.contains("not checked"), "{said}");
    let other = "witness.example+5e3ffbc9+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let (code, said) = verify(&["--witness", other]);
    assert!(
        code == Some(0) && said.contains("witness.example") && said.contains("has not cosigned"),
        "{said}"
    );
}

#[tokio::test]
async fn nothing_waits_for_a_witness_that_is_away() {
    let mut two = Two::new().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    two.at(&format!("http://{free}"));
    let (lead, _) = story::sealed(&two.log, &[GUANGZHOU]).await;
    two.again().await;
    assert!(story::dossiers(&two.log, lead).await[0].packed.is_some());
    let system = two.page("admin", "/admin/system").await.has("未能连接").has("尚未联署");
    // The head line does not say that all is well beside it.
    system.has("需要处理").has("href=\"#witnesses\"").has_not("各部分均正常");
    let tried = two
        .log
        .services
        .db
        .read(|conn| Ok(audit_witness::table.select(audit_witness::failures).first::<i64>(conn)?));
    assert!(tried.await.expect("a row") > 0);
    // It is back, and is asked for what is newest now.
    let base = two.witness.base.clone();
    two.at(&base);
    two.again().await;
    let system = two.page("admin", "/admin/system").await.has("已联署至第").has_not("未能连接");
    system.has("各部分均正常").has_not("href=\"#witnesses\"");
}
