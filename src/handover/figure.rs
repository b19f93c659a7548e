//! The figure of the annual report behind a list: how many rows it counts, whatever page of them is shown, and whatever else
//! the list is narrowed to.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

use crate::platform::{
    db::Connection,
    error::Result,
    i18n::{self, Lang},
    money::grouped,
};

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The number that a statement gives as `n`.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Connection, statement: String) -> Result<i64> {
    let found: Counted = sql_query(statement).get_result(conn)?;
    Ok(found.n)
}

/// What stands at the head of the list: how many rows the figure counts and what they come to, as the report says it; or how
/// many were merged instead.
pub fn words(lang: Lang, n: i64, is_merged: bool, sums: &[String]) -> String {
    let n = ("n", grouped(n.unsigned_abs()));
    match (is_merged, sums) {
        (true, _) => i18n::t_with(lang, "figure-merged", &[n]),
        (false, []) => i18n::t_with(lang, "figure-counted", &[n]),
        (false, sums) => i18n::t_with(lang, "figure-sum", &[n, ("sum", sums.join(&lang.between_choices()))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_said_with_what_it_comes_to() {
        assert_eq!(words(Lang::Zh, 1184, false, &[]), "年报计入共 1,184 条");
        assert_eq!(words(Lang::Zh, 3, true, &["8 万元".into()]), "年报合并去重共 3 条");
        let sums = ["超 1.00 元".to_owned()];
        assert_eq!(words(Lang::Zh, 2, false, &sums), "年报计入共 2 条，合计 超 1.00 元");
        assert_eq!(words(Lang::En, 2, false, &[]), "Rows that the annual report counts: 2");
    }
}
