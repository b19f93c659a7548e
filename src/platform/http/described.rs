//! Fields of the API that hold one of a few words. What is said of them is made of the words that the program itself
//! knows: a description that is written by hand soon names one that a call refuses.

use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A text that is one of these words; its description lists them for people.
pub fn one_of(words: impl IntoIterator<Item = &'static str>) -> Object {
    let words: Vec<&'static str> = words.into_iter().collect();
    let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(format!("{}.", listed.join(", "))))
        .enum_values(Some(words))
        .build()
}
