//! Compositions, dossiers, reviews, approvals and seals of drawn leads: hashes and signatures are real, the papers and
//! the package are not there. All packages are one empty archive, which `verify` refuses.

use data_encoding::HEXLOWER;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::draw::{Draft, Drawer, HOUR};
use crate::{
    casework::dossier::{
        bag,
        model::FrozenFile,
        seal::{self, ApprovedBy, SCHEMA_1, Seal, SealedFor},
    },
    platform::{
        db::{Id, Instant},
        error::Result,
    },
};

impl Drawer<'_> {
    /// The dossier of a lead, frozen; approved and sealed where there is a time for it. Returns its id.
    ///
    /// # Errors
    /// The signing key fails.
    pub fn dossier(
        &mut self,
        draft: &Draft<'_>,
        submitted: Instant,
        approved: Option<Instant>,
    ) -> Result<Id> {
        let composed = submitted.plus_seconds(-2 * HOUR);
        let (composition, dossier) = (self.id(composed), self.id(composed));
        let review = self.id(submitted);
        self.rows.composition.push([
            composition.into(),
            draft.id.into(),
            1i64.into(),
            "首次移送".into(),
            draft.owner.into(),
            composed.into(),
            submitted.into(),
        ]);
        for (n, (evidence, _)) in (1i64..).zip(&draft.evidence) {
            self.rows.composition_item.push([composition.into(), (*evidence).into(), n.into()]);
        }
        let folder = format!("{}-v1-{}", draft.number, draft.addressee.code);
        self.rows.dossier.push([
            dossier.into(),
            composition.into(),
            draft.id.into(),
            draft.addressee.id.into(),
            folder.as_str().into(),
            composed.into(),
            true.into(),
        ]);
        let hashes = self.freeze(draft, dossier, composed.plus_seconds(60))?;
        self.rows.review.push([
            review.into(),
            composition.into(),
            draft.id.into(),
            draft.owner.into(),
            submitted.into(),
            approved.into(),
            approved.map(|_| "approved").into(),
        ]);
        self.names("dossier", dossier);
        self.names("review", review);
        if let Some(at) = approved {
            let approval = self.id(at);
            self.rows.approval.push([
                approval.into(),
                review.into(),
                composition.into(),
                "approved".into(),
                draft.approver.into(),
                json!({ dossier.to_string(): hashes.1 }).to_string().into(),
                at.into(),
                "totp".into(),
            ]);
            self.seal(draft, dossier, approval, folder, hashes, at)?;
        }
        Ok(dossier)
    }

    /// Content hash and manifest hash, lower-case hex.
    fn freeze(&mut self, draft: &Draft<'_>, dossier: Id, at: Instant) -> Result<(String, String)> {
        let files: Vec<FrozenFile> = (1..)
            .zip(&draft.evidence)
            .map(|(n, (_, which))| {
                let file = &self.world.files[*which];
                FrozenFile {
                    path: format!("data/evidence/{n:03}-{}", file.name),
                    blob: file.blob,
                    size: file.size,
                    sha256: file.sha256.clone(),
                }
            })
            .collect();
        let content = Sha256::digest(format!("{}:{}", draft.id, draft.number));
        let lines = files.iter().map(|file| (file.path.as_str(), file.sha256.as_str()));
        let manifest = Sha256::digest(bag::manifest(lines));
        self.rows.dossier_freeze.push([
            dossier.into(),
            content.to_vec().into(),
            manifest.to_vec().into(),
            serde_json::to_string(&files)?.into(),
            at.into(),
        ]);
        Ok((HEXLOWER.encode(&content), HEXLOWER.encode(&manifest)))
    }

    fn seal(
        &mut self,
        draft: &Draft<'_>,
        dossier: Id,
        approval: Id,
        folder: String,
        (content_sha256, manifest_sha256): (String, String),
        at: Instant,
    ) -> Result<()> {
        let sealed_at = at.plus_seconds(5);
        let text = Seal {
            schema: SCHEMA_1.to_owned(),
            synthetic: true,
            folder,
            number: draft.number.clone(),
            version: 1,
            addressee: SealedFor {
                code: draft.addressee.code.clone(),
                name_zh: draft.addressee.name_zh.clone(),
                name_en: draft.addressee.name_en.clone(),
            },
            content_sha256,
            manifest_sha256,
            withheld: Vec::new(),
            composer: None,
            approval: ApprovedBy {
                approver: draft.approver,
                role: "approver".to_owned(),
                at,
                audit_entry: draft.entry,
                signed_sha256: None,
                signed_salt: None,
            },
            signing_key: None,
            sealed_at,
        }
        .to_text()?;
        let signature = seal::sign(&text, &[self.signer])?;
        self.rows.dossier_seal.push([
            dossier.into(),
            approval.into(),
            text.into(),
            signature.into(),
            self.key.into(),
            sealed_at.into(),
        ]);
        let package = &self.world.package;
        let size = i64::try_from(package.size).unwrap_or_default();
        let row = [dossier.into(), package.blob.into(), size.into(), sealed_at.plus_seconds(5).into()];
        self.rows.dossier_package.push(row);
        Ok(())
    }
}
