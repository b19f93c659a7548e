//! Other people's PDFs are drawn by a process of its own: what somebody made to bring a reader down takes that process' memory
//! and time, within bounds, and none of ours. It is this program once more, with a hidden command: it takes the file from its
//! standard input and gives its pages out one by one. It ends when it is no longer waited for.

use std::{
    io::{self, Read, Write},
    ops::Range,
    path::Path,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use image::RgbImage;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdout, Command},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::raster::{Drawn, Scan, Undrawn, is_within};

/// Bytes of memory that the process can have, with all that it only reserves.
const MEMORY: u64 = 1_536 << 20;
/// Seconds that it can reckon.
const SECONDS: u64 = 60;
/// Files that it can have open: next to none beside those that it begins with.
const FILES: u64 = 4;
/// How long a drawing is waited for.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the process says before it reads anything: it runs, and within its bounds.
const READY: [u8; 4] = *b"LHD1";
/// With what each of its messages begins: how many pages there are; a page; all were given; why there are none.
const COUNT: u8 = b'N';
const PAGE: u8 = b'P';
const END: u8 = b'E';
const FAULT: u8 = b'F';
/// Faults, by their place.
const FAULTS: [Undrawn; 4] = [Undrawn::Unreadable, Undrawn::Locked, Undrawn::TooLarge, Undrawn::TooHeavy];

/// Why nothing was drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// It is the file.
    #[error("the PDF can't be drawn")]
    File(Undrawn),
    /// The process can't be run.
    #[error("the process that draws pages can't be run: {0}")]
    Program(#[from] io::Error),
}

impl From<Undrawn> for DrawError {
    fn from(why: Undrawn) -> Self {
        Self::File(why)
    }
}

/// Has pages drawn. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Drawer {
    program: Arc<Path>,
    patience: Duration,
    /// Who draws a long PDF has it.
    long: Arc<Semaphore>,
}

impl Drawer {
    /// `program`: the file of this program.
    pub fn new(program: &Path) -> Self {
        Self { program: program.into(), patience: PATIENCE, long: Arc::new(Semaphore::new(1)) }
    }

    /// Waits no longer than this for a drawing.
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The turn to draw a long PDF, one at a time, until it is dropped; `None`: another one is being drawn.
    pub fn long_turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.long).try_acquire_owned().ok()
    }

    /// Begins to draw the pages of a PDF that lie in `pages`, from 0, with so many dots an inch. Bytes that are shared are not
    /// copied.
    ///
    /// # Errors
    /// [`DrawError`]; [`Undrawn::Unreadable`] also where there is no page.
    pub async fn begin(
        &self,
        bytes: impl Into<Bytes>,
        dots: f32,
        pages: Range<usize>,
    ) -> Result<Drawing, DrawError> {
        let bytes: Bytes = bytes.into();
        let numbers = [dots.to_string(), pages.start.to_string(), pages.len().to_string()];
        // Nothing of the settings, some of which are secrets, goes along.
        let mut child = Command::new(&*self.program)
            .args(["draw-pages", "--dots", &numbers[0], "--first", &numbers[1], "--count", &numbers[2]])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (mut stdin, stdout) = pipes.ok_or_else(|| io::Error::other("it has no pipes"))?;
        let deadline = Instant::now() + self.patience;
        let mut drawing = Drawing { _child: child, stdout, deadline, count: 0, is_partial: false };
        drawing.ready().await?;
        // One that ended while it read has said why, or says nothing more.
        let sent = timeout_at(deadline, stdin.write_all(&bytes)).await;
        if sent.is_err() {
            return Err(Undrawn::TooHeavy.into());
        }
        drop(stdin);
        drop(bytes);
        match drawing.message().await? {
            Message::Count(count) => drawing.count = count,
            Message::Fault(why) => return Err(why.into()),
            Message::Page(_) | Message::End => return Err(Undrawn::Unreadable.into()),
        }
        Ok(drawing)
    }
}

/// What the process says.
enum Message {
    Count(usize),
    Page(Drawn),
    End,
    Fault(Undrawn),
}

/// A PDF that is being drawn; where this is dropped, the process ends.
#[derive(Debug)]
pub struct Drawing {
    _child: Child,
    stdout: ChildStdout,
    deadline: Instant,
    count: usize,
    is_partial: bool,
}

impl Drawing {
    /// How many pages the PDF has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// As [`Scan::is_partial`].
    pub fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The next of the pages that were asked for; `None`: there is none.
    ///
    /// # Errors
    /// [`DrawError::File`].
    pub async fn next(&mut self) -> Result<Option<Drawn>, DrawError> {
        match self.message().await? {
            Message::Page(drawn) => Ok(Some(drawn)),
            Message::End => Ok(None),
            Message::Fault(why) => Err(why.into()),
            Message::Count(_) => Err(Undrawn::Unreadable.into()),
        }
    }

    /// Waits until it says that it can begin. Whatever is wrong before that is no fault of the file.
    async fn ready(&mut self) -> Result<(), DrawError> {
        let mut said = [0; READY.len()];
        let read = timeout_at(self.deadline, self.stdout.read_exact(&mut said)).await;
        read.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        if said == READY { Ok(()) } else { Err(io::Error::other("it is another program").into()) }
    }

    /// One that ends without a word was ended by its bounds.
    async fn message(&mut self) -> Result<Message, Undrawn> {
        match timeout_at(self.deadline, self.read()).await {
            Ok(Ok(message)) => Ok(message),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(Undrawn::Unreadable),
            Ok(Err(_)) | Err(_) => Err(Undrawn::TooHeavy),
        }
    }

    async fn read(&mut self) -> io::Result<Message> {
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        match self.stdout.read_u8().await? {
            COUNT => {
                let count = self.stdout.read_u32().await?;
                usize::try_from(count).map(Message::Count).map_err(|_| invalid())
            }
            PAGE => {
                self.is_partial = self.stdout.read_u8().await? != 0;
                let (width, height) = (self.stdout.read_u32().await?, self.stdout.read_u32().await?);
                let size = (self.stdout.read_f32().await?, self.stdout.read_f32().await?);
                // Whatever the file made of the process that read it.
                if !is_within(width, height) || !size.0.is_finite() || !size.1.is_finite() {
                    return Err(invalid());
                }
                let mut picture = RgbImage::new(width, height);
                self.stdout.read_exact(&mut picture).await?;
                Ok(Message::Page(Drawn { picture, size }))
            }
            END => Ok(Message::End),
            FAULT => {
                let place = self.stdout.read_u8().await?;
                FAULTS.get(usize::from(place)).copied().map(Message::Fault).ok_or_else(invalid)
            }
            _ => Err(invalid()),
        }
    }
}

/// Bounds this process, for good: its memory and its time, and that it opens and writes no file, also none of its memory when it
/// ends by a fault.
///
/// # Errors
/// The system does not let it.
pub fn confine() -> io::Result<()> {
    let bounds = [
        (Resource::As, MEMORY),
        (Resource::Cpu, SECONDS),
        (Resource::Nofile, FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in bounds {
        let most = getrlimit(resource).maximum.map_or(most, |known| known.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// What the process does: reads a PDF to its end and gives out those of its pages that lie in `pages`. Blocks.
///
/// # Errors
/// Nobody reads on.
pub fn answer(
    mut input: impl Read,
    mut output: impl Write,
    dots: f32,
    pages: Range<usize>,
) -> io::Result<()> {
    output.write_all(&READY)?;
    output.flush()?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let scan = match Scan::open(bytes) {
        Ok(scan) => scan,
        Err(why) => return fault(&mut output, why),
    };
    output.write_all(&[COUNT])?;
    output.write_all(&u32::try_from(scan.pages()).unwrap_or(u32::MAX).to_be_bytes())?;
    output.flush()?;
    for n in pages.start..pages.end.min(scan.pages()) {
        let drawn = match scan.draw(n, dots) {
            Ok(drawn) => drawn,
            Err(why) => return fault(&mut output, why),
        };
        output.write_all(&[PAGE, u8::from(scan.is_partial())])?;
        output.write_all(&drawn.picture.width().to_be_bytes())?;
        output.write_all(&drawn.picture.height().to_be_bytes())?;
        output.write_all(&drawn.size.0.to_be_bytes())?;
        output.write_all(&drawn.size.1.to_be_bytes())?;
        output.write_all(drawn.picture.as_raw())?;
        output.flush()?;
    }
    output.write_all(&[END])?;
    output.flush()
}

fn fault(output: &mut impl Write, why: Undrawn) -> io::Result<()> {
    let place = FAULTS.iter().position(|known| *known == why).and_then(|place| u8::try_from(place).ok());
    output.write_all(&[FAULT, place.unwrap_or_default()])?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::super::pictures::Pictures;
    use super::*;

    fn said(file: &[u8], pages: Range<usize>) -> Vec<u8> {
        let mut said = Vec::new();
        answer(file, &mut said, 72.0, pages).expect("an answer");
        assert!(said.starts_with(&READY));
        said.split_off(READY.len())
    }

    #[test]
    fn what_is_asked_for_is_given_and_what_is_wrong_is_told() {
        let mut pictures = Pictures::default();
        let drawn = Drawn { picture: RgbImage::new(30, 20), size: (30.0, 20.0) };
        (0..3).for_each(|_| pictures.add(&drawn).expect("a page"));
        let file = pictures.finish().expect("a PDF");
        assert_eq!(said(&file, 0..0), [COUNT, 0, 0, 0, 3, END]);
        let page = 2 + 4 * 4 + 30 * 20 * 3;
        assert_eq!(said(&file, 1..9).len(), 5 + 2 * page + 1);
        assert_eq!(said(b"none", 0..1), [FAULT, 0]);
    }

    #[test]
    fn no_page_is_larger_than_one_that_we_draw() {
        assert!(is_within(6_000, 2_600) && is_within(4_000, 4_000) && is_within(1, 1));
        assert!(!is_within(6_001, 1) && !is_within(4_000, 4_001) && !is_within(0, 5));
    }
}
