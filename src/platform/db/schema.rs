//! The tables, as diesel sees them; the same for both databases. A test compares them with the migrations.

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Text};
    instance (id) {
        id -> Integer,
        kind -> Text,
        origin -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    counter (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    wrapped_key (id) {
        id -> Binary,
        purpose -> Text,
        name -> Text,
        public_text -> Text,
        wrapped -> Binary,
        statement -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    serving (id) {
        id -> Binary,
        marks -> Text,
        seen_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    store_claim (store) {
        store -> Text,
        holder -> Binary,
        seen_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    store_unproven (store, object_id) {
        store -> Text,
        object_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    job (id) {
        id -> Binary,
        kind -> Text,
        dedupe -> Nullable<Text>,
        payload -> Text,
        state -> Text,
        progress_done -> BigInt,
        progress_total -> BigInt,
        attempts -> Integer,
        max_attempts -> Integer,
        run_at -> BigInt,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    job_attempt (id) {
        id -> Binary,
        job_id -> Binary,
        attempt -> Integer,
        worker -> Text,
        started_at -> BigInt,
        ended_at -> BigInt,
        outcome -> Text,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    mail_message (id) {
        id -> Binary,
        template -> Text,
        to_address -> Text,
        locale -> Text,
        params -> Text,
        link -> Text,
        about_kind -> Text,
        about_id -> Nullable<Binary>,
        job_id -> Nullable<Binary>,
        state -> Text,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        answer -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Text};
    idempotency (actor_id, route, key) {
        key -> Text,
        actor_id -> Binary,
        route -> Text,
        request_hash -> Binary,
        status -> Integer,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    audit_entry (id) {
        id -> Binary,
        at -> BigInt,
        actor_kind -> Text,
        actor_id -> Nullable<Binary>,
        actor_name -> Text,
        verb -> Text,
        outcome -> Text,
        leaf -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    audit_object (object_id, kind, entry_id) {
        entry_id -> Binary,
        kind -> Text,
        object_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    audit_private (entry_id) {
        entry_id -> Binary,
        salt -> Binary,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    audit_pending (entry_id) {
        entry_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    audit_place (place) {
        place -> BigInt,
        entry_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    audit_node (stored_index) {
        stored_index -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    audit_head (size) {
        size -> BigInt,
        root -> Binary,
        note -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    audit_cosignature (size, witness) {
        size -> BigInt,
        witness -> Text,
        name -> Text,
        cosigned_at -> BigInt,
        line -> Text,
        received_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    audit_witness (witness) {
        witness -> Text,
        size -> BigInt,
        asked_at -> BigInt,
        failures -> BigInt,
        fault -> Nullable<Text>,
        said_size -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    witnessed_log (origin) {
        origin -> Text,
        size -> BigInt,
        root -> Binary,
        note -> Text,
        cosigned_at -> BigInt,
        refused_at -> Nullable<BigInt>,
        refused -> Nullable<Text>,
        fork -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Nullable, Text};
    region (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        parent -> Nullable<Text>,
        level -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{Date, Integer, Text};
    calendar_day (day) {
        day -> Date,
        kind -> Text,
        name -> Text,
        notice_year -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};
    agency (id) {
        id -> Binary,
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        type_code -> Text,
        level -> Text,
        region_code -> Text,
        parent_id -> Nullable<Binary>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        successor_id -> Nullable<Binary>,
        channel -> Text,
        addressee -> Text,
        address -> Text,
        phone -> Text,
        email -> Text,
        note -> Text,
        ack_days -> Nullable<Integer>,
        accept_days -> Nullable<Integer>,
        synthetic -> Bool,
        source -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    agency_takes (agency_id, family) {
        agency_id -> Binary,
        family -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Text};
    agency_contact (id) {
        id -> Binary,
        agency_id -> Binary,
        name -> Text,
        title -> Text,
        phone -> Text,
        email -> Text,
        is_default -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    agency_key (id) {
        id -> Binary,
        agency_id -> Binary,
        recipient -> Text,
        registered_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    agency_key_confirmation (key_id) {
        key_id -> Binary,
        confirmed_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    agency_key_revocation (key_id) {
        key_id -> Binary,
        revoked_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    agency_key_note (key_id) {
        key_id -> Binary,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    delivery_key (delivery_id, key_id) {
        delivery_id -> Binary,
        key_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
    person (id) {
        id -> Binary,
        username -> Text,
        name -> Text,
        email -> Text,
        side -> Text,
        agency_id -> Nullable<Binary>,
        locale -> Text,
        locale_chosen -> Bool,
        date_style -> Text,
        clock_style -> Text,
        password_hash -> Text,
        password_changed_at -> BigInt,
        must_change -> Bool,
        single_keys -> Bool,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
        synthetic -> Bool,
        last_login_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    person_role (person_id, role) {
        person_id -> Binary,
        role -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    passkey (id) {
        id -> Binary,
        person_id -> Binary,
        credential_id -> Binary,
        algorithm -> Text,
        public_key -> Binary,
        sign_count -> BigInt,
        added_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    passkey_name (passkey_id) {
        passkey_id -> Binary,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    passkey_challenge (id) {
        id -> Binary,
        person_id -> Binary,
        about -> Binary,
        challenge -> Binary,
        issued_at -> BigInt,
        shown_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    second_factor (person_id) {
        person_id -> Binary,
        wrapped_secret -> Binary,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    recovery_code (id) {
        id -> Binary,
        person_id -> Binary,
        code_hash -> Binary,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    session (id) {
        id -> Binary,
        token_hash -> Binary,
        person_id -> Binary,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        user_agent -> Text,
        address -> Text,
        second_factor_at -> Nullable<BigInt>,
        proved_at -> Nullable<BigInt>,
        locale -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    login_attempt (id) {
        id -> Binary,
        key -> Text,
        at -> BigInt,
        ok -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    invitation (id) {
        id -> Binary,
        token_hash -> Binary,
        email -> Text,
        name -> Text,
        side -> Text,
        agency_id -> Nullable<Binary>,
        roles -> Text,
        locale -> Text,
        invited_by -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        person_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    api_token (id) {
        id -> Binary,
        person_id -> Binary,
        token_hash -> Binary,
        name -> Text,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        last_used_address -> Text,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Text};
    unsent (person_id, id) {
        person_id -> Binary,
        id -> Binary,
        word -> Binary,
        form -> Text,
        page -> Text,
        fields -> Binary,
        saved_at -> BigInt,
        size -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    setup_mark (step) {
        step -> Text,
        detail -> Text,
        person_id -> Binary,
        marked_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    access (object_id, agency_id) {
        object_id -> Binary,
        agency_id -> Binary,
        kind -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    brand (id) {
        id -> Binary,
        name -> Text,
        name_en -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};
    lead (id) {
        seq -> BigInt,
        id -> Binary,
        number -> Text,
        year -> Integer,
        title -> Text,
        summary -> Text,
        region_code -> Text,
        occurred_from -> Nullable<Date>,
        occurred_to -> Nullable<Date>,
        value_fen -> Nullable<BigInt>,
        value_qualifier -> Nullable<Text>,
        value_basis -> Nullable<Text>,
        source_kind -> Text,
        source_note -> Text,
        sender_role -> Text,
        state -> Text,
        owner_id -> Binary,
        assignee_id -> Nullable<Binary>,
        synthetic -> Bool,
        public_source -> Text,
        revision -> Integer,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    lead_charge (lead_id, charge_code) {
        lead_id -> Binary,
        charge_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    lead_brand (lead_id, brand_id) {
        lead_id -> Binary,
        brand_id -> Binary,
        owner -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    lead_writer (lead_id, person_id) {
        lead_id -> Binary,
        person_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    lead_step (id) {
        id -> Binary,
        lead_id -> Binary,
        kind -> Text,
        actor_id -> Nullable<Binary>,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    remark (id) {
        id -> Binary,
        about_kind -> Text,
        about_id -> Binary,
        author_id -> Nullable<Binary>,
        at -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    listing (id) {
        id -> Binary,
        lead_id -> Binary,
        url -> Text,
        title -> Text,
        item_number -> Text,
        shop -> Text,
        price_fen -> Nullable<BigInt>,
        sold -> Nullable<BigInt>,
        seen_on -> Nullable<Date>,
        match_key -> Text,
        shop_key -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    subject (id) {
        id -> Binary,
        kind -> Text,
        name -> Text,
        identifier -> Text,
        match_key -> Text,
        synthetic -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    lead_subject (lead_id, subject_id) {
        lead_id -> Binary,
        subject_id -> Binary,
        name -> Text,
        identifier -> Text,
        part -> Text,
        region_code -> Nullable<Text>,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    site (id) {
        id -> Binary,
        address -> Text,
        region_code -> Text,
        synthetic -> Bool,
        match_key -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    lead_site (lead_id, site_id, role) {
        lead_id -> Binary,
        site_id -> Binary,
        role -> Text,
        note -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    blob (id) {
        id -> Binary,
        sha256 -> Binary,
        sm3 -> Binary,
        size -> BigInt,
        media_type -> Text,
        wrapped_key -> Binary,
        created_at -> BigInt,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
    evidence (id) {
        id -> Binary,
        lead_id -> Binary,
        position -> Integer,
        kind -> Text,
        category -> Text,
        name -> Text,
        description -> Text,
        source -> Text,
        collected_by -> Text,
        collected_at -> Nullable<BigInt>,
        method -> Text,
        tool -> Text,
        medium -> Text,
        holder -> Text,
        blob_id -> Binary,
        withheld -> Bool,
        withheld_reason -> Text,
        registered_by -> Nullable<Binary>,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
        synthetic -> Bool,
        quantity -> Text,
        remark -> Text,
        witness -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Text};
    blob_check (blob_id) {
        blob_id -> Binary,
        checked_at -> BigInt,
        result -> Text,
        tries -> Integer,
        retry_at -> BigInt,
        whole_times -> BigInt,
        whole_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    evidence_alarm (id) {
        id -> Binary,
        blob_id -> Binary,
        fault -> Text,
        raised_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    evidence_alarm_end (alarm_id) {
        alarm_id -> Binary,
        person_id -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    evidence_alarm_open (blob_id) {
        blob_id -> Binary,
        alarm_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    time_stamp (id) {
        id -> Binary,
        blob_id -> Nullable<Binary>,
        dossier_id -> Nullable<Binary>,
        imprint -> Binary,
        authority -> Text,
        asked_at -> BigInt,
        received_at -> Nullable<BigInt>,
        stamped_at -> Nullable<BigInt>,
        serial -> Nullable<Text>,
        signer -> Nullable<Text>,
        token -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    scrub_month (month) {
        month -> Text,
        files -> BigInt,
        bytes -> BigInt,
        faults -> BigInt,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    evidence_sealing (id) {
        id -> Binary,
        evidence_id -> Binary,
        corrects_id -> Nullable<Binary>,
        sealed_at -> BigInt,
        recorded_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    evidence_sealing_text (sealing_id) {
        sealing_id -> Binary,
        medium -> Text,
        serial -> Text,
        how -> Text,
        sealed_by -> Text,
        witness -> Text,
        place -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    evidence_sealing_photo (sealing_id, evidence_id) {
        sealing_id -> Binary,
        evidence_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    sales_table (id) {
        id -> Binary,
        lead_id -> Binary,
        evidence_id -> Binary,
        mapping -> Text,
        recorded_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    sales_total (act_id, evidence_id) {
        act_id -> Binary,
        evidence_id -> Binary,
        table_id -> Binary,
        counted -> BigInt,
        units -> BigInt,
        fen -> BigInt,
        excluded -> BigInt,
        merged -> BigInt,
        faults -> BigInt,
        fault_rows -> Text,
        first_on -> Nullable<Date>,
        last_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Integer, Nullable, Text};
    sales_sum (act_id, evidence_id, number) {
        act_id -> Binary,
        evidence_id -> Binary,
        number -> Integer,
        shop -> Text,
        product -> Text,
        counted -> BigInt,
        units -> BigInt,
        fen -> BigInt,
        faults -> BigInt,
        first_on -> Nullable<Date>,
        last_on -> Nullable<Date>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    redaction (evidence_id) {
        evidence_id -> Binary,
        original_id -> Binary,
        original_sha256 -> Binary,
        kind -> Text,
        plan -> Text,
        redacted_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    redaction_text (evidence_id) {
        evidence_id -> Binary,
        reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Text};
    redaction_request (id) {
        id -> Binary,
        original_id -> Binary,
        original_sha256 -> Binary,
        pages -> Integer,
        regions -> Text,
        withholds -> Bool,
        requested_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    redaction_request_text (request_id) {
        request_id -> Binary,
        reason -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    redaction_request_end (request_id) {
        request_id -> Binary,
        evidence_id -> Nullable<Binary>,
        fault -> Nullable<Text>,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    composition (id) {
        id -> Binary,
        lead_id -> Binary,
        version -> Integer,
        note -> Text,
        created_by -> Binary,
        created_at -> BigInt,
        submitted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer};
    composition_item (composition_id, evidence_id) {
        composition_id -> Binary,
        evidence_id -> Binary,
        number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    dossier (id) {
        id -> Binary,
        composition_id -> Binary,
        lead_id -> Binary,
        agency_id -> Binary,
        folder -> Text,
        created_at -> BigInt,
        synthetic -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Integer, Text};
    dossier_withheld (dossier_id, evidence_id) {
        dossier_id -> Binary,
        evidence_id -> Binary,
        number -> Integer,
        category -> Text,
        salt -> Binary,
        commitment -> Binary,
        reason_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    dossier_freeze (dossier_id) {
        dossier_id -> Binary,
        content_sha256 -> Binary,
        manifest_sha256 -> Binary,
        files -> Text,
        frozen_at -> BigInt,
        approval_salt -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    dossier_seal (dossier_id) {
        dossier_id -> Binary,
        approval_id -> Binary,
        seal_json -> Text,
        signature -> Text,
        key_id -> Binary,
        sealed_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    dossier_package (dossier_id) {
        dossier_id -> Binary,
        blob_id -> Binary,
        size -> BigInt,
        written_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    review (id) {
        id -> Binary,
        composition_id -> Binary,
        lead_id -> Binary,
        submitted_by -> Binary,
        submitted_at -> BigInt,
        decided_at -> Nullable<BigInt>,
        decision -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    approval (id) {
        id -> Binary,
        review_id -> Binary,
        composition_id -> Binary,
        decision -> Text,
        actor_id -> Binary,
        manifest_hashes -> Text,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
        second_factor -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    approval_signature (approval_id) {
        approval_id -> Binary,
        passkey_id -> Binary,
        fingerprint -> Text,
        approval_json -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
    transfer (id) {
        seq -> BigInt,
        id -> Binary,
        lead_id -> Binary,
        agency_id -> Binary,
        number -> Text,
        channel -> Text,
        sender_role -> Text,
        state -> Text,
        stage -> Integer,
        sent_at -> BigInt,
        received_at -> Nullable<BigInt>,
        accepted_at -> Nullable<BigInt>,
        filed_at -> Nullable<BigInt>,
        next_due_at -> Nullable<BigInt>,
        agency_due_at -> Nullable<BigInt>,
        forwarded_from -> Nullable<Binary>,
        synthetic -> Bool,
        lead_region -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    transfer_face (transfer_id) {
        transfer_id -> Binary,
        title -> Text,
        dossier_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    dossier_facts (dossier_id) {
        dossier_id -> Binary,
        title -> Text,
        facts -> Text,
        refs -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    transfer_charge (transfer_id, charge_code) {
        transfer_id -> Binary,
        charge_code -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
    transfer_step (id) {
        id -> Binary,
        transfer_id -> Binary,
        kind -> Text,
        actor_id -> Nullable<Binary>,
        side -> Text,
        at -> BigInt,
        on_day -> Nullable<Date>,
        reason_code -> Nullable<Text>,
        target_agency_id -> Nullable<Binary>,
        delivery_id -> Nullable<Binary>,
        remark_id -> Nullable<Binary>,
        by_paper -> Bool,
        paper_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    transfer_paper (id) {
        id -> Binary,
        transfer_id -> Binary,
        blob_id -> Binary,
        name -> Text,
        uploaded_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
    delivery (id) {
        id -> Binary,
        transfer_id -> Binary,
        dossier_id -> Binary,
        sent_at -> BigInt,
        channel -> Text,
        sent_by -> Binary,
        handed_on -> Nullable<Date>,
        handed_by -> Text,
        handed_to -> Text,
        tracking_number -> Text,
        receipt_blob_id -> Nullable<Binary>,
        receipt_name -> Text,
        receipt_at -> Nullable<BigInt>,
        synthetic -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    handover_receipt (delivery_id) {
        delivery_id -> Binary,
        sha256 -> Binary,
        signature -> Text,
        key_id -> Binary,
        strength -> Text,
        signed_by -> Binary,
        signed_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    handover_receipt_text (delivery_id) {
        delivery_id -> Binary,
        receipt_json -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    message (id) {
        id -> Binary,
        transfer_id -> Binary,
        author_id -> Nullable<Binary>,
        side -> Text,
        at -> BigInt,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    message_note (message_id) {
        message_id -> Binary,
        transfer_id -> Binary,
        noted_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    supplement_request (id) {
        id -> Binary,
        transfer_id -> Binary,
        code -> Text,
        remark_id -> Nullable<Binary>,
        asked_by -> Nullable<Binary>,
        asked_at -> BigInt,
        due_at -> Nullable<BigInt>,
        answered_delivery_id -> Nullable<Binary>,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    forward_request (id) {
        id -> Binary,
        transfer_id -> Binary,
        lead_id -> Binary,
        target_agency_id -> Binary,
        asked_at -> BigInt,
        answered_delivery_id -> Nullable<Binary>,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    transfer_seen (step_id) {
        step_id -> Binary,
        transfer_id -> Binary,
        seen_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    scan_replacement (id) {
        id -> Binary,
        of_kind -> Text,
        of_id -> Binary,
        blob_id -> Binary,
        name -> Text,
        uploaded_by -> Binary,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    outcome_seen (outcome_id) {
        outcome_id -> Binary,
        seen_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
    deadline (id) {
        id -> Binary,
        transfer_id -> Binary,
        case_id -> Nullable<Binary>,
        clock_code -> Text,
        side -> Text,
        started_at -> BigInt,
        due_at -> BigInt,
        provisional -> Bool,
        stopped_at -> Nullable<BigInt>,
        moot -> Bool,
        reminded_before_at -> Nullable<BigInt>,
        reminded_after_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
    deadline_extension (id) {
        id -> Binary,
        deadline_id -> Binary,
        transfer_id -> Binary,
        clock_code -> Nullable<Text>,
        law_remark_id -> Nullable<Binary>,
        approved_on -> Date,
        old_due_at -> BigInt,
        new_due_at -> BigInt,
        actor_id -> Nullable<Binary>,
        side -> Text,
        by_paper -> Bool,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
        paper_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    remedy_step (id) {
        id -> Binary,
        transfer_id -> Binary,
        decision_id -> Binary,
        kind -> Text,
        on_day -> Date,
        number -> Text,
        verdict -> Nullable<Text>,
        actor_id -> Nullable<Binary>,
        side -> Text,
        at -> BigInt,
        paper_id -> Nullable<Binary>,
        remark_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
    agency_case (id) {
        id -> Binary,
        agency_id -> Binary,
        number -> Text,
        title -> Text,
        status -> Text,
        officer -> Text,
        opened_at -> BigInt,
        filed_on -> Nullable<Date>,
        synthetic -> Bool,
        public_source -> Text,
        region_code -> Text,
        merged_into -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    case_transfer (case_id, transfer_id) {
        case_id -> Binary,
        transfer_id -> Binary,
        joined_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    case_joined (case_id, transfer_id) {
        case_id -> Binary,
        transfer_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    case_paper (id) {
        id -> Binary,
        case_id -> Binary,
        blob_id -> Binary,
        name -> Text,
        uploaded_by -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Date, Nullable, Text};
    case_step (id) {
        id -> Binary,
        case_id -> Binary,
        kind -> Text,
        on_day -> Date,
        actor_id -> Nullable<Binary>,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
        paper_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Integer, Nullable, Text};
    outcome (id) {
        seq -> BigInt,
        id -> Binary,
        kind -> Text,
        case_id -> Nullable<Binary>,
        agency_id -> Binary,
        region_code -> Text,
        happened_on -> Date,
        year -> Integer,
        persons -> Integer,
        amount_fen -> Nullable<BigInt>,
        qualifier -> Nullable<Text>,
        basis -> Nullable<Text>,
        quantity -> Nullable<BigInt>,
        unit -> Nullable<Text>,
        source_kind -> Text,
        source_text_id -> Nullable<Binary>,
        source_url -> Text,
        source_link_id -> Nullable<Binary>,
        legal_code -> Nullable<Text>,
        legal_text_id -> Nullable<Binary>,
        source_blob_id -> Nullable<Binary>,
        source_name -> Text,
        asserted_by -> Nullable<Binary>,
        asserted_side -> Text,
        asserted_at -> BigInt,
        corrects_id -> Nullable<Binary>,
        correction_id -> Nullable<Binary>,
        synthetic -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    outcome_identity (outcome_id, kind, identity_id) {
        outcome_id -> Binary,
        kind -> Text,
        identity_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
    outcome_confirmation (id) {
        id -> Binary,
        outcome_id -> Binary,
        decision -> Text,
        actor_id -> Nullable<Binary>,
        side -> Text,
        at -> BigInt,
        by_paper -> Bool,
        remark_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Text};
    published_figure (id) {
        id -> Binary,
        year -> Integer,
        figure -> Text,
        amount -> BigInt,
        qualifier -> Text,
        period -> Text,
        scope -> Text,
        source -> Text,
        counted -> Bool,
        reason -> Text,
        period_en -> Text,
        scope_en -> Text,
        source_en -> Text,
        reason_en -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Date, Nullable, Text};
    operation (id) {
        id -> Binary,
        name_zh -> Text,
        name_en -> Text,
        from_on -> Nullable<Date>,
        to_on -> Nullable<Date>,
        note -> Text,
        public_source -> Text,
        synthetic -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    operation_member (operation_id, kind, object_id) {
        operation_id -> Binary,
        kind -> Text,
        object_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    transfer_back (step_id) {
        step_id -> Binary,
        transfer_id -> Binary,
        kind -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    message_open (message_id) {
        message_id -> Binary,
        transfer_id -> Binary,
        agency_id -> Binary,
        side -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    dossier_unsent (dossier_id) {
        dossier_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    dossier_unpacked (dossier_id) {
        dossier_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    outcome_open (seq) {
        seq -> BigInt,
        agency_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    saved_view (id) {
        id -> Binary,
        owner_id -> Binary,
        scope -> Text,
        list -> Text,
        name -> Text,
        asked -> Text,
        is_shared -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
    upload (id) {
        id -> Binary,
        person_id -> Binary,
        lead_id -> Binary,
        name -> Text,
        size -> BigInt,
        received -> BigInt,
        pieces -> Integer,
        state -> Text,
        metadata -> Text,
        form -> Text,
        by_token -> Bool,
        address -> Text,
        agent -> Text,
        holder -> Nullable<Binary>,
        held_until -> Nullable<BigInt>,
        evidence_id -> Nullable<Binary>,
        again -> Bool,
        refusal -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool};
    upload_piece (id) {
        id -> Binary,
        upload_id -> Binary,
        start -> BigInt,
        size -> BigInt,
        wrapped_key -> Binary,
        kept -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    bulk_result (id) {
        id -> Binary,
        person_id -> Binary,
        list -> Text,
        verb -> Text,
        back -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    usual_view (person_id, list) {
        person_id -> Binary,
        list -> Text,
        view_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    notice_choice (person_id, event) {
        person_id -> Binary,
        event -> Text,
        way -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    notice_pending (id) {
        id -> Binary,
        person_id -> Binary,
        event -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    lead_comment (id) {
        id -> Binary,
        lead_id -> Binary,
        author_id -> Binary,
        corrects_id -> Nullable<Binary>,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Text};
    lead_comment_text (comment_id) {
        comment_id -> Binary,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    lead_comment_back (comment_id) {
        comment_id -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    lead_mention (comment_id, person_id) {
        comment_id -> Binary,
        person_id -> Binary,
        lead_id -> Binary,
        seen_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    lead_distinct (lead_id, other_id) {
        lead_id -> Binary,
        other_id -> Binary,
        stated_by -> Binary,
        at -> BigInt,
        remark_id -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary};
    lead_origin (lead_id) {
        lead_id -> Binary,
        source_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    happening (entry_id) {
        entry_id -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    person_mark (person_id) {
        person_id -> Binary,
        seen_until -> Nullable<BigInt>,
        hint_away_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(job_attempt -> job (job_id));
diesel::joinable!(mail_message -> job (job_id));
diesel::joinable!(audit_object -> audit_entry (entry_id));
diesel::joinable!(audit_private -> audit_entry (entry_id));
diesel::joinable!(audit_pending -> audit_entry (entry_id));
diesel::joinable!(audit_place -> audit_entry (entry_id));
diesel::joinable!(audit_cosignature -> audit_head (size));
diesel::joinable!(agency_takes -> agency (agency_id));
diesel::joinable!(agency_contact -> agency (agency_id));
diesel::joinable!(agency_key -> agency (agency_id));
diesel::joinable!(agency_key_confirmation -> agency_key (key_id));
diesel::joinable!(agency_key_revocation -> agency_key (key_id));
diesel::joinable!(agency_key_note -> agency_key (key_id));
diesel::joinable!(delivery_key -> delivery (delivery_id));
diesel::joinable!(delivery_key -> agency_key (key_id));
diesel::joinable!(person -> agency (agency_id));
diesel::joinable!(person_role -> person (person_id));
diesel::joinable!(second_factor -> person (person_id));
diesel::joinable!(passkey -> person (person_id));
diesel::joinable!(passkey_name -> passkey (passkey_id));
diesel::joinable!(passkey_challenge -> person (person_id));
diesel::joinable!(recovery_code -> person (person_id));
diesel::joinable!(session -> person (person_id));
diesel::joinable!(invitation -> agency (agency_id));
diesel::joinable!(api_token -> person (person_id));
diesel::joinable!(unsent -> person (person_id));
diesel::joinable!(access -> agency (agency_id));
diesel::joinable!(lead_charge -> lead (lead_id));
diesel::joinable!(lead_brand -> lead (lead_id));
diesel::joinable!(lead_brand -> brand (brand_id));
diesel::joinable!(lead_writer -> lead (lead_id));
diesel::joinable!(lead_writer -> person (person_id));
diesel::joinable!(lead_step -> lead (lead_id));
diesel::joinable!(listing -> lead (lead_id));
diesel::joinable!(lead_subject -> lead (lead_id));
diesel::joinable!(lead_subject -> subject (subject_id));
diesel::joinable!(lead_site -> lead (lead_id));
diesel::joinable!(lead_site -> site (site_id));
diesel::joinable!(evidence -> lead (lead_id));
diesel::joinable!(evidence -> blob (blob_id));
diesel::joinable!(blob_check -> blob (blob_id));
diesel::joinable!(evidence_alarm -> blob (blob_id));
diesel::joinable!(time_stamp -> blob (blob_id));
diesel::joinable!(time_stamp -> dossier (dossier_id));
diesel::joinable!(evidence_alarm_open -> evidence_alarm (alarm_id));
diesel::joinable!(evidence_sealing -> evidence (evidence_id));
diesel::joinable!(evidence_sealing_text -> evidence_sealing (sealing_id));
diesel::joinable!(evidence_sealing_photo -> evidence (evidence_id));
diesel::joinable!(sales_total -> sales_table (table_id));
diesel::joinable!(redaction_text -> redaction (evidence_id));
diesel::joinable!(redaction_request_text -> redaction_request (request_id));
diesel::joinable!(redaction_request_end -> redaction_request (request_id));
diesel::joinable!(composition -> lead (lead_id));
diesel::joinable!(composition_item -> composition (composition_id));
diesel::joinable!(composition_item -> evidence (evidence_id));
diesel::joinable!(dossier -> composition (composition_id));
diesel::joinable!(dossier -> lead (lead_id));
diesel::joinable!(dossier -> agency (agency_id));
diesel::joinable!(dossier_withheld -> dossier (dossier_id));
diesel::joinable!(dossier_withheld -> evidence (evidence_id));
diesel::joinable!(dossier_freeze -> dossier (dossier_id));
diesel::joinable!(dossier_facts -> dossier (dossier_id));
diesel::joinable!(dossier_seal -> dossier (dossier_id));
diesel::joinable!(dossier_package -> dossier (dossier_id));
diesel::joinable!(dossier_package -> blob (blob_id));
diesel::joinable!(review -> composition (composition_id));
diesel::joinable!(review -> lead (lead_id));
diesel::joinable!(approval -> review (review_id));
diesel::joinable!(approval -> composition (composition_id));
diesel::joinable!(approval_signature -> approval (approval_id));
diesel::joinable!(approval_signature -> passkey (passkey_id));
diesel::joinable!(transfer -> lead (lead_id));
diesel::joinable!(transfer -> agency (agency_id));
diesel::joinable!(transfer_face -> transfer (transfer_id));
diesel::joinable!(transfer_step -> transfer (transfer_id));
diesel::joinable!(transfer_seen -> transfer (transfer_id));
diesel::joinable!(transfer_paper -> transfer (transfer_id));
diesel::joinable!(transfer_paper -> blob (blob_id));
diesel::joinable!(delivery -> transfer (transfer_id));
diesel::joinable!(delivery -> dossier (dossier_id));
diesel::joinable!(delivery -> blob (receipt_blob_id));
diesel::joinable!(handover_receipt -> delivery (delivery_id));
diesel::joinable!(handover_receipt_text -> handover_receipt (delivery_id));
diesel::joinable!(message -> transfer (transfer_id));
diesel::joinable!(message_note -> message (message_id));
diesel::joinable!(message_note -> transfer (transfer_id));
diesel::joinable!(supplement_request -> transfer (transfer_id));
diesel::joinable!(forward_request -> transfer (transfer_id));
diesel::joinable!(forward_request -> lead (lead_id));
diesel::joinable!(forward_request -> agency (target_agency_id));
diesel::joinable!(deadline -> transfer (transfer_id));
diesel::joinable!(deadline_extension -> deadline (deadline_id));
diesel::joinable!(remedy_step -> transfer (transfer_id));
diesel::joinable!(agency_case -> agency (agency_id));
diesel::joinable!(case_paper -> agency_case (case_id));
diesel::joinable!(case_paper -> blob (blob_id));
diesel::joinable!(case_transfer -> agency_case (case_id));
diesel::joinable!(case_transfer -> transfer (transfer_id));
diesel::joinable!(case_step -> agency_case (case_id));
diesel::joinable!(outcome -> agency_case (case_id));
diesel::joinable!(outcome -> agency (agency_id));
diesel::joinable!(outcome -> blob (source_blob_id));
diesel::joinable!(outcome_identity -> outcome (outcome_id));
diesel::joinable!(outcome_confirmation -> outcome (outcome_id));
diesel::joinable!(operation_member -> operation (operation_id));
diesel::joinable!(saved_view -> person (owner_id));
diesel::joinable!(usual_view -> saved_view (view_id));
diesel::joinable!(lead_comment -> lead (lead_id));
diesel::joinable!(lead_comment_text -> lead_comment (comment_id));
diesel::joinable!(lead_comment_back -> lead_comment (comment_id));
diesel::joinable!(lead_mention -> lead_comment (comment_id));
diesel::joinable!(lead_mention -> lead (lead_id));
diesel::joinable!(happening -> audit_entry (entry_id));
diesel::joinable!(person_mark -> person (person_id));
diesel::joinable!(bulk_result -> person (person_id));
diesel::joinable!(upload -> person (person_id));
diesel::joinable!(upload -> lead (lead_id));
diesel::joinable!(upload_piece -> upload (upload_id));

diesel::allow_tables_to_appear_in_same_query!(
    instance,
    counter,
    wrapped_key,
    serving,
    store_claim,
    store_unproven,
    job,
    job_attempt,
    mail_message,
    notice_choice,
    notice_pending,
    idempotency,
    audit_entry,
    audit_object,
    audit_private,
    audit_pending,
    audit_place,
    audit_node,
    audit_head,
    audit_cosignature,
    audit_witness,
    witnessed_log,
    region,
    calendar_day,
    agency,
    agency_takes,
    agency_contact,
    agency_key,
    agency_key_confirmation,
    agency_key_revocation,
    agency_key_note,
    delivery_key,
    person,
    person_role,
    second_factor,
    passkey,
    passkey_name,
    passkey_challenge,
    recovery_code,
    session,
    login_attempt,
    invitation,
    api_token,
    unsent,
    setup_mark,
    access,
    brand,
    lead,
    lead_charge,
    lead_brand,
    lead_writer,
    lead_step,
    remark,
    listing,
    subject,
    lead_subject,
    site,
    lead_site,
    blob,
    evidence,
    blob_check,
    evidence_alarm,
    evidence_alarm_end,
    evidence_alarm_open,
    scrub_month,
    time_stamp,
    evidence_sealing,
    sales_table,
    sales_total,
    sales_sum,
    evidence_sealing_text,
    evidence_sealing_photo,
    redaction,
    redaction_text,
    redaction_request,
    redaction_request_text,
    redaction_request_end,
    composition,
    composition_item,
    dossier,
    dossier_withheld,
    dossier_freeze,
    dossier_facts,
    dossier_seal,
    dossier_unsent,
    dossier_unpacked,
    dossier_package,
    review,
    approval,
    approval_signature,
    transfer,
    transfer_charge,
    transfer_face,
    transfer_step,
    transfer_seen,
    transfer_back,
    transfer_paper,
    delivery,
    handover_receipt,
    handover_receipt_text,
    message,
    message_note,
    message_open,
    supplement_request,
    forward_request,
    deadline,
    deadline_extension,
    remedy_step,
    agency_case,
    case_transfer,
    case_joined,
    case_paper,
    case_step,
    scan_replacement,
    outcome,
    outcome_identity,
    outcome_open,
    outcome_confirmation,
    outcome_seen,
    published_figure,
    operation,
    operation_member,
    saved_view,
    usual_view,
    lead_comment,
    lead_comment_text,
    lead_comment_back,
    lead_mention,
    lead_distinct,
    lead_origin,
    happening,
    person_mark,
    bulk_result,
    upload,
    upload_piece,
);
