//! Which regions are likely meant by what somebody types: those that agencies are for, and those that leads are in.

use diesel::{dsl::count_star, prelude::*};

use crate::{
    directory::reference::regions,
    platform::{
        db::{
            Connection,
            schema::{agency, lead},
        },
        error::Result,
    },
};

/// Has the search for regions of this process prefer them. All leads are counted: this is done now and then, and for no
/// request.
///
/// # Errors
/// Those of the database.
pub fn learn(conn: &mut Connection) -> Result<()> {
    let agencies: Vec<String> = agency::table.select(agency::region_code).distinct().load(conn)?;
    let leads: Vec<(String, i64)> =
        lead::table.group_by(lead::region_code).select((lead::region_code, count_star())).load(conn)?;
    regions::prefer(agencies.into_iter().collect(), &leads);
    Ok(())
}
