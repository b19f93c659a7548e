//! Hostile files, made by rule.

use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder},
};

/// A file, and the words that the page on which it is read has to have of it; several with `|` between them: one of these.
pub struct Hostile {
    pub name: String,
    pub bytes: Vec<u8>,
    pub answer: &'static str,
}

/// What an attacker would have run.
pub const PAYLOADS: [&str; 10] = [
    "<script>alert('hostile')</script>",
    "<img src=x onerror=alert('hostile')>",
    "<svg onload=alert('hostile')></svg>",
    "<iframe srcdoc=\"<script>alert('hostile')</script>\"></iframe>",
    "<body onload=alert('hostile')>",
    "<a href=\"javascript:alert('hostile')\">x</a>",
    "<math><mtext><script>alert('hostile')</script></mtext></math>",
    "</pre></main><script>alert('hostile')</script>",
    "<base href=\"https://hostile.example/\"><form action=//hostile.example><button>x</button></form>",
    "{{7*7}}${7*7}<%= 7*7 %><script>alert('hostile')</script>",
];

const BOMB: &str = "疑为压缩炸弹";
pub const DAMAGED: &str = "文件已损坏";
const UNSUPPORTED: &str = "不能在页面中阅读";

/// All of them.
pub fn all() -> Vec<Hostile> {
    let mut files = Vec::new();
    let mut put = |name: String, bytes: Vec<u8>, answer| files.push(Hostile { name, bytes, answer });
    pages(&mut put);
    polyglots(&mut put);
    archives(&mut put);
    tapes(&mut put);
    pictures(&mut put);
    papers(&mut put);
    names(&mut put);
    captures(&mut put);
    super::bombs::all(&mut put);
    files
}

pub type Put<'a> = dyn FnMut(String, Vec<u8>, &'static str) + 'a;

/// Pages, pictures that are pages, and entities that reach out: all are text and shown as such.
fn pages(put: &mut Put<'_>) {
    for (n, payload) in PAYLOADS.into_iter().enumerate() {
        for (k, ending) in
            ["html", "htm", "xhtml", "svg", "xml", "js", "mjs", "md", "txt", "json"].into_iter().enumerate()
        {
            put(format!("page-{n}-{k}.{ending}"), payload.as_bytes().to_vec(), "hostile");
        }
        let svg = format!("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">{payload}</svg>");
        put(format!("drawing-{n}.svg"), svg.into_bytes(), "hostile");
        let wide: Vec<u8> = payload.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(format!("wide-{n}.html"), [b"\xff\xfe".as_slice(), &wide].concat(), "hostile");
        let entity = format!(
            "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;{payload}</x>"
        );
        put(format!("entity-{n}.svg"), entity.into_bytes(), "etc/passwd");
        put(
            format!("formula-{n}.csv"),
            format!("a,b\n=HYPERLINK(\"x\"),{payload}\n").into_bytes(),
            "=HYPERLINK",
        );
    }
}

/// Two kinds in one.
fn polyglots(put: &mut Put<'_>) {
    for (n, payload) in PAYLOADS.into_iter().enumerate().take(5) {
        let begins: [(&str, &[u8]); 6] = [
            ("gif", b"GIF89a\x01\0\x01\0\0\0\0/*"),
            ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            ("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
            ("webp", b"RIFF\xff\xff\xff\xffWEBPVP8 "),
            ("pdf", b"%PDF-1.7\n"),
            ("exe", b"MZ\x90\0\x03"),
        ];
        for (ending, begin) in begins {
            let answer = match ending {
                "pdf" => "没有发现脚本",
                "exe" => UNSUPPORTED,
                _ => "EXIF",
            };
            put(format!("two-{n}.{ending}"), [begin, payload.as_bytes()].concat(), answer);
        }
        let zip = Zip::default().add(payload.as_bytes(), b"x").done();
        put(format!("two-{n}.html"), zip.clone(), "<table>");
        put(format!("before-{n}.zip"), [b"GIF89a".as_slice(), &zip].concat(), "EXIF");
    }
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("bytes");
    packed.finish().expect("packed")
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("bytes");
    packed.finish().expect("packed")
}

/// A ZIP that says whatever it is told to.
#[derive(Default)]
pub struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    #[must_use]
    pub fn add(self, name: &[u8], bytes: &[u8]) -> Self {
        let size = u32::try_from(bytes.len()).expect("small");
        self.entry(name, bytes, (0, 0, size, 0), None)
    }

    #[must_use]
    pub fn packed(self, name: &[u8], bytes: &[u8]) -> Self {
        let size = u32::try_from(bytes.len()).expect("small");
        self.entry(name, &deflated(bytes), (8, 0, size, 0), None)
    }

    /// What is packed and says to be nine bytes.
    #[must_use]
    pub fn lying(self, name: &[u8], bytes: &[u8]) -> Self {
        self.entry(name, &deflated(bytes), (8, 0, 9, 0), None)
    }

    /// `how`: method, flags, unpacked size, Unix mode. `lies`: where it says to lie.
    #[must_use]
    fn entry(mut self, name: &[u8], bytes: &[u8], how: (u16, u16, u32, u32), lies: Option<u32>) -> Self {
        let (method, flags, unpacked, mode) = how;
        let at = u32::try_from(self.bytes.len()).expect("small");
        let packed = u32::try_from(bytes.len()).expect("small");
        let length = u16::try_from(name.len()).expect("short");
        let mut head = Vec::new();
        for word in [20, flags, method, 0, 0x4a21] {
            head.extend_from_slice(&u16::to_le_bytes(word));
        }
        for word in [0, packed, unpacked] {
            head.extend_from_slice(&u32::to_le_bytes(word));
        }
        head.extend_from_slice(&length.to_le_bytes());
        head.extend_from_slice(&[0, 0]);
        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&head);
        self.bytes.extend_from_slice(name);
        self.bytes.extend_from_slice(bytes);
        self.directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        self.directory.extend_from_slice(&head);
        self.directory.extend_from_slice(&[0; 6]);
        self.directory.extend_from_slice(&(mode << 16).to_le_bytes());
        self.directory.extend_from_slice(&lies.unwrap_or(at).to_le_bytes());
        self.directory.extend_from_slice(name);
        self.count += 1;
        self
    }

    pub fn done(mut self) -> Vec<u8> {
        let (size, from) = (self.directory.len() as u32, self.bytes.len() as u32);
        self.bytes.append(&mut self.directory);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        for _ in 0..2 {
            self.bytes.extend_from_slice(&self.count.to_le_bytes());
        }
        self.bytes.extend_from_slice(&size.to_le_bytes());
        self.bytes.extend_from_slice(&from.to_le_bytes());
        self.bytes.extend_from_slice(&[0, 0]);
        self.bytes
    }
}

fn archives(put: &mut Put<'_>) {
    let slips: [&[u8]; 8] = [
        b"../../etc/passwd",
        b"..\\..\\windows\\x.dll",
        b"/etc/cron.d/x",
        b"C:\\x.exe",
        b"a/../../b",
        b"a\r\nSet-Cookie: x",
        "照片\u{202e}gpj.exe".as_bytes(),
        b"a\0.txt",
    ];
    for (n, name) in slips.into_iter().enumerate() {
        put(format!("slip-{n}.zip"), Zip::default().add(name, b"x").done(), "危险条目");
    }
    let link = Zip::default().entry(b"link", b"/etc/passwd", (0, 0, 11, 0o120_777), None);
    put("link.zip".into(), link.done(), "链接");
    let device = Zip::default().entry(b"dev", b"", (0, 0, 0, 0o020_666), None);
    put("device.zip".into(), device.done(), "设备文件");
    put("locked.zip".into(), Zip::default().entry(b"x", b"x", (0, 1, 1, 0), None).done(), "已加密");
    put("twice.zip".into(), Zip::default().add(b"x", b"1").add(b"x", b"2").done(), "名称重复");
    let zeros = vec![0; 8 << 20];
    let bomb = Zip::default().packed(b"0", &zeros).done();
    put("bomb.zip".into(), bomb.clone(), BOMB);
    put("nested.zip".into(), Zip::default().add(b"a.zip", &bomb).add(b"b.zip", &bomb).done(), "内含压缩包");
    let over = Zip::default().add(b"a", &[b'x'; 99]).entry(b"b", &[b'x'; 99], (0, 0, 99, 0), Some(0));
    put("over.zip".into(), over.done(), BOMB);
    let claims = Zip::default().entry(b"a", b"x", (8, 0, u32::MAX - 1, 0), None);
    put("claims.zip".into(), claims.done(), BOMB);
    for (n, cut) in [30, 60, 90].into_iter().enumerate() {
        put(format!("cut-{n}.zip"), bomb[..cut].to_vec(), DAMAGED);
    }
    for (n, at) in [8, 10, 12, 16].into_iter().enumerate() {
        let mut lying = Zip::default().add(b"x", b"x").done();
        let end = lying.len() - 22;
        lying[end + at..end + at + 2].copy_from_slice(&[0xff, 0x7f]);
        // The number of its disk counts for nothing.
        put(format!("lying-{n}.zip"), lying, if n == 0 { "条目数" } else { DAMAGED });
    }
    // Workbooks and papers of office programs.
    let entity = b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>";
    let workbook =
        |more: &[u8]| Zip::default().add(b"[Content_Types].xml", entity).add(b"xl/workbook.xml", more).done();
    put("entity.xlsx".into(), workbook(entity), DAMAGED);
    put("empty.xlsx".into(), workbook(b""), DAMAGED);
    let lying = Zip::default().lying(b"xl/workbook.xml", &zeros).done();
    put("lying.xlsx".into(), lying, BOMB);
    put("bomb.xlsx".into(), Zip::default().packed(b"xl/workbook.xml", &zeros).done(), BOMB);
    let locked = Zip::default().entry(b"xl/workbook.xml", b"x", (0, 1, 1, 0), None).done();
    put("locked.xlsx".into(), locked, "设有密码");
    put("entity.docx".into(), Zip::default().add(b"word/document.xml", entity).done(), "word/document.xml");
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    put("secret.xlsx".into(), [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &wide].concat(), "设有密码");
    put("old.xls".into(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x".to_vec(), "改交 XLSX 或 CSV");
    let open =
        [b"PK\x03\x04".as_slice(), &[0; 26], b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"];
    put("open.ods".into(), open.concat(), "改交 XLSX 或 CSV");
    put("other.7z".into(), b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), "改交 ZIP");
    put("other.rar".into(), b"Rar!\x1a\x07\x01\0".to_vec(), "改交 ZIP");
}

/// An entry of a tape archive.
fn tape(name: &[u8], kind: u8, size: u64, bytes: &[u8]) -> Vec<u8> {
    let mut head = vec![0_u8; 512];
    head[..name.len()].copy_from_slice(name);
    head[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    head[136..147].copy_from_slice(b"00000000000");
    head[148..156].copy_from_slice(b"        ");
    head[156] = kind;
    head[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    head.extend_from_slice(bytes);
    head.resize(head.len().next_multiple_of(512), 0);
    head
}

fn tapes(put: &mut Put<'_>) {
    let dangerous: [(&[u8], u8, &str); 7] = [
        (b"link", b'2', "链接"),
        (b"hard", b'1', "链接"),
        (b"dev", b'3', "设备文件"),
        (b"fifo", b'6', "设备文件"),
        (b"../../x", b'0', "指向上级目录"),
        (b"/etc/x", b'0', "绝对路径"),
        (b"a\r\nb\x1b[2J", b'0', "隐藏或换向字符"),
    ];
    for (n, (name, kind, answer)) in dangerous.into_iter().enumerate() {
        let bytes = [tape(name, kind, 0, b""), vec![0; 1024]].concat();
        put(format!("tape-{n}.tar"), bytes.clone(), answer);
        put(format!("tape-{n}.tar.gz"), gz(&bytes), answer);
    }
    put("size.tar".into(), tape(b"x", b'0', 0o7_777_777_777, b""), DAMAGED);
    put("name.tar".into(), tape(b"x", b'L', 1 << 30, b""), DAMAGED);
    let told = tape(b"x", b'L', 1, b"y").repeat(99);
    put("told.tar".into(), told, DAMAGED);
    put("bomb.tar.gz".into(), gz(&tape(b"0", b'0', 8 << 20, &vec![0; 8 << 20])), BOMB);
    put("alone.gz".into(), gz(&vec![0; 1 << 20]), UNSUPPORTED);
    put("cut.gz".into(), b"\x1f\x8b\x08\0".to_vec(), DAMAGED);
}

/// The checksum of a part of a PNG.
fn crc(bytes: &[u8]) -> u32 {
    let turned = bytes.iter().fold(u32::MAX, |sum, byte| {
        let step = |sum: u32, _: u8| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        (0..8_u8).fold(sum ^ u32::from(*byte), step)
    });
    !turned
}

fn pictures(put: &mut Put<'_>) {
    for (n, side) in [60_000_u32, 0, u32::MAX, 30_001].into_iter().enumerate() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend_from_slice(&side.to_be_bytes());
        png.extend_from_slice(&side.to_be_bytes());
        png.extend_from_slice(&[8, 6, 0, 0, 0]);
        let sum = crc(&png[12..]);
        png.extend_from_slice(&sum.to_be_bytes());
        png.extend_from_slice(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
        put(format!("flood-{n}.png"), png, "EXIF");
    }
    // Kinds that are not shown: nothing of them is opened, however large they say to be.
    let unshown = "不在页面中显示";
    let flood = [b"BM\xff\xff\xff\x7f\0\0\0\0\x36\0\0\0\x28\0\0\0".as_slice(), &[0x7f; 36]].concat();
    put("flood.bmp".into(), flood, unshown);
    put("loop.tif".into(), b"II\x2a\0\x08\0\0\0\0\0\x08\0\0\0".to_vec(), unshown);
    let frame = b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0";
    let gif = [b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff".to_vec(), frame.repeat(2_000), vec![b';']]
        .concat();
    put("frames.gif".into(), gif, "EXIF");
    let wild: [(&str, &[u8]); 6] = [
        ("offset", b"II\x2a\0\xff\xff\xff\x7f"),
        ("loop", b"II\x2a\0\x08\0\0\0\0\0\x08\0\0\0"),
        ("count", b"II\x2a\0\x08\0\0\0\xff\xff"),
        ("huge", b"II\x2a\0\x08\0\0\0\x01\0\x10\x01\x02\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0"),
        ("zero", b"MM\0\x2a\0\0\0\0"),
        ("none", b""),
    ];
    for (what, exif) in wild {
        let size = u16::try_from(exif.len() + 8).expect("short");
        let head =
            [b"\xff\xd8\xff\xe1".as_slice(), &size.to_be_bytes(), b"Exif\0\0", exif, b"\xff\xd9"].concat();
        put(format!("exif-{what}.jpg"), head, "EXIF");
    }
}

fn papers(put: &mut Put<'_>) {
    let acts = [
        ("/OpenAction<</S/JavaScript/JS(app.alert('hostile'))>>", "文件中有脚本"),
        ("/AA<</O<</S/Launch/F(cmd.exe)>>>>", "启动其他程序"),
        ("/OpenAction<</S/URI/URI(https://hostile.example)>>", "执行动作"),
        ("/Names<</EmbeddedFiles<<>>>>", "嵌有其他文件"),
        ("/Encrypt 9 0 R", "已加密"),
        ("/Type/Catalog", "没有发现脚本"),
    ];
    for (n, (act, answer)) in acts.into_iter().enumerate() {
        for version in ["1.4", "1.7", "2.0"] {
            let pdf = format!(
                "%PDF-{version}\n1 0 obj<<{act}>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF<script>alert('hostile')</script>"
            );
            put(format!("paper-{n}-{version}.pdf"), pdf.into_bytes(), answer);
        }
    }
}

/// Names that steer; the file is plain.
fn names(put: &mut Put<'_>) {
    let odd = [
        "a\r\nSet-Cookie: x=1.txt",
        "a\nb.txt",
        "\u{202e}txt.exe",
        "…/--.svg",
        "../../../etc/passwd",
        "..\\..\\x.txt",
        "<script>alert('hostile')</script>.txt",
        "\"onmouseover=alert('hostile') x=\".txt",
        "'; DROP TABLE evidence; --.txt",
        "CON",
        ".htaccess",
        "a\u{feff}\u{200b}.txt",
        "%2e%2e%2f%0d%0a.txt",
        "{{7*7}}.txt",
    ];
    for (n, name) in odd.into_iter().enumerate() {
        put(name.to_owned(), format!("plain {n}\u{202e}\0x").replace('\0', "").into_bytes(), "U+202E");
    }
    put(format!("{}.txt", "长".repeat(500)), b"plain".to_vec(), "plain");
}

fn captures(put: &mut Put<'_>) {
    let page = |length: &str, block: &str| {
        format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\nContent-Length: {length}\r\n\r\n{block}\r\n\r\n",
            PAYLOADS[0]
        )
    };
    for (n, length) in ["5", "0", "99999999999", "-1", "x", "18446744073709551615"].into_iter().enumerate() {
        let answer = if length.parse::<u64>().is_ok() { "记录数" } else { DAMAGED };
        put(format!("length-{n}.warc"), page(length, "hello").into_bytes(), answer);
        put(format!("length-{n}.warc.gz"), gz(page(length, "hello").as_bytes()), answer);
    }
    put("heads.warc".into(), format!("WARC/1.1\r\n{}", "x: y\r\n".repeat(9_999)).into_bytes(), DAMAGED);
    let zeros = "\0".repeat(8 << 20);
    put("bomb.warc.gz".into(), gz(page("8388608", &zeros).as_bytes()), "记录数");
    let package = Zip::default().add(b"datapackage.json", b"{").add(b"archive/x.warc", b"").done();
    put("broken.wacz".into(), package, DAMAGED);
    let lying = br#"{"resources":[{"path":"archive/x.warc","hash":"sha256:00","bytes":1},{"path":"../../x","hash":1}]}"#;
    let package = Zip::default().add(b"datapackage.json", lying).add(b"archive/x.warc", b"x").done();
    put("lying.wacz".into(), package, "与校验值不一致");
}
