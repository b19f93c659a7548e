//! Parts of statements that we write ourselves and that are always the same. A statement with [`diesel::dsl::sql`] in it
//! is made anew each time that it is asked, as its text could differ each time; with one of these it is kept prepared.

use std::{borrow::Cow, marker::PhantomData};

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    backend::Backend,
    expression::{TypedExpressionType, ValidGrouping, is_aggregate},
    query_builder::{AstPass, QueryFragment, QueryId},
};

/// An expression of type `ST`, as text.
#[derive(Clone, Debug)]
pub struct Fixed<ST> {
    text: Cow<'static, str>,
    of: PhantomData<ST>,
}

/// `text` as an expression. Each text is kept for as long as the connection: it must be one of a few, without anything
/// that a person typed, a time or an id in it.
pub fn fixed<ST: TypedExpressionType>(text: impl Into<Cow<'static, str>>) -> Fixed<ST> {
    Fixed { text: text.into(), of: PhantomData }
}

impl<ST: TypedExpressionType> Expression for Fixed<ST> {
    type SqlType = ST;
}

impl<ST, DB: Backend> QueryFragment<DB> for Fixed<ST> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(&self.text);
        Ok(())
    }
}

impl<ST> QueryId for Fixed<ST> {
    type QueryId = ();
    // The text tells statements apart, not the type.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<QS, ST> SelectableExpression<QS> for Fixed<ST> where Self: Expression {}
impl<QS, ST> AppearsOnTable<QS> for Fixed<ST> where Self: Expression {}

impl<ST, GB> ValidGrouping<GB> for Fixed<ST> {
    type IsAggregate = is_aggregate::Never;
}
