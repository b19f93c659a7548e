//! Enumerations whose variants are words: stored, sent by forms and shown by the API as the same word.

/// A word that is none of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownWord;

/// An enumeration whose variants are words: `words!(Track { Criminal = "criminal", … })`.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type { $($(#[$vdoc])* $variant),+ }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$variant),+];
            /// The words, in the same order.
            pub const WORDS: &[&'static str] = &[$($word),+];

            /// The word in the database, in forms and in the API.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $crate::platform::words::UnknownWord;

            fn from_str(word: &str) -> ::std::result::Result<Self, Self::Err> {
                match word {
                    $($word => Ok($type::$variant),)+
                    _ => Err($crate::platform::words::UnknownWord),
                }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::UnknownWord;

    words!(
        /// Two words.
        Colour { Red = "red", DarkBlue = "dark_blue" }
    );

    #[test]
    fn words_are_read_back_as_what_they_were() {
        for (colour, word) in Colour::ALL.iter().zip(Colour::WORDS) {
            assert_eq!((colour.as_str(), colour.to_string().as_str()), (*word, *word));
            assert_eq!(word.parse::<Colour>(), Ok(*colour));
        }
        assert_eq!("nonsense".parse::<Colour>(), Err(UnknownWord));
    }
}
