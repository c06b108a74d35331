//! Which encoding a file is in: byte-order mark, else UTF-8 if it reads as that, else what fits Chinese text better, else
//! that of Western Windows.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};

/// The text of a file and the name of its encoding. What is no text in it becomes U+FFFD, which the lines then report.
pub fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> (String, &'static str) {
    let encoding = named.unwrap_or_else(|| detect(bytes));
    let (text, used, _) = encoding.decode(bytes);
    (text.into_owned(), used.name())
}

/// The encoding of this name or label, such as `big5`, `gbk`, `utf-8`.
pub fn by_name(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes())
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let text = String::from_utf8_lossy(bytes);
    let (broken, good) = text.chars().filter(|c| !c.is_ascii()).partition::<Vec<char>, _>(|c| *c == '\u{fffd}');
    // Hardly a character of another encoding is valid UTF-8 by chance, so a few broken ones do not speak against it.
    if broken.len() * 10 <= good.len() {
        return UTF_8;
    }
    let (gb18030, big5) = (common_per_mille(bytes, false), common_per_mille(bytes, true));
    match gb18030.max(big5) {
        0..500 => WINDOWS_1252,
        best if best == gb18030 => GB18030,
        _ => BIG5,
    }
}

/// How many of a thousand two-byte characters are everyday ones: the first level of GB 2312 (3,755 characters) or of
/// Big5 (5,401). Text read in the wrong one of the two falls into rare characters half of the time.
fn common_per_mille(bytes: &[u8], is_big5: bool) -> usize {
    let (mut common, mut all) = (0_usize, 0);
    let mut at = 0;
    while let Some(lead) = bytes.get(at) {
        let trail = bytes.get(at + 1).copied().unwrap_or_default();
        at += if *lead < 0x80 { 1 } else { 2 };
        match (lead, trail, is_big5) {
            (0..=0x7f, _, _) => continue,
            // Punctuation and full-width letters stand here in both.
            (0xa1..=0xa3, 0x40.., _) => continue,
            (0xb0..=0xd7, 0xa1.., false) | (0xa4..=0xc6, 0x40.., true) => common += 1,
            _ => {}
        }
        all += 1;
    }
    (common * 1000).checked_div(all).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_valid_utf_8_and_the_two_chinese_encodings_are_told_apart() {
        for text in ["客户名称,行业\n上海明珠贸易有限公司,零售\n", "北京", "深圳市南山区科技园,李强", "account\nCafé\n", "plain"]
        {
            assert_eq!(decode(text.as_bytes(), None), (text.to_owned(), "UTF-8"));
            assert_eq!(decode(format!("\u{feff}{text}").as_bytes(), None), (text.to_owned(), "UTF-8"), "the mark is no text");
        }
        for text in ["客户名称,行业\n上海明珠贸易有限公司,零售\n", "北京", "东莞市华强五金制品厂", "销售代表,主管\n王芳,李强\n"]
        {
            assert_eq!(decode(&GB18030.encode(text).0, None), (text.to_owned(), "gb18030"));
        }
        for text in
            ["客戶名稱,產業\n臺北明珠貿易股份有限公司,零售\n", "台北", "高雄市前鎮區成功二路", "業務,主管\n陳怡君,林志明\n"]
        {
            assert_eq!(decode(&BIG5.encode(text).0, None), (text.to_owned(), "Big5"));
        }
    }

    #[test]
    fn a_named_encoding_is_taken_and_one_broken_byte_does_not_change_the_guess() {
        assert_eq!(decode(&[b'a', 0xe9], by_name("latin1")).0, "aé");
        let mut bytes = "名称\n明珠贸易,上海\n".repeat(20).into_bytes();
        bytes[0] = 0xff;
        assert_eq!(decode(&bytes, None).1, "UTF-8");
        assert!(by_name("klingon").is_none());
        for text in ["account\nCafé Zürich\nÅsa\n", "£5,crème brûlée", "naïve"] {
            assert_eq!(decode(&WINDOWS_1252.encode(text).0, None), (text.to_owned(), "windows-1252"));
        }
    }
}
