//! The table of Chinese characters that searching uses: which simplified character a traditional one is searched as, and how
//! a character sounds. `domain::search::Han` reads it; its layout is described there.
//!
//! Made when the site is built, and shipped as a file of its own: in the app's module it would be downloaded before the first
//! screen. The data are OpenCC's (Apache-2.0, through hanconv) and Unihan's as pinyin-data corrects them (MIT, through pinyin).

use pinyin::ToPinyin;
use std::collections::BTreeSet;

/// Where characters are that have a simplified form, and those that have readings.
const CHARACTERS: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';
const READ: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// Further readings that people type: characters that sound otherwise in some word, place or name, each with its other
/// readings. (What a character sounds like as a family name only, `domain::search` knows.)
const ALSO: &str = "重chong 长chang 行hang 乐yue 会kuai 调tiao 都du 厦xia 传zhuan 朝zhao 参shen,cen 藏zang 车ju 称chen 盛cheng 大dai 弹tan 得dei 地de \
    度duo 番pan 给ji 还huan 和huo 降xiang 角jue 解xie 卡qia 壳qiao 蚌beng 泊bo 薄bo 堡bu,pu 埔bu 莘xin 洞tong 六lu 露lou 率shuai 埋man 没mo \
    模mu 弄long 屏bing 朴piao 强jiang 圈juan 塞se 色shai 什shi 省xing 似si 宿xiu 提di 拓ta 尾yi 纤qian 校jiao 削xiao 血xie 咽ye 约yao 钥yue \
    扎za 轧ga,zha 粘nian 折she 着zhao 属zhu 柏bo 剥bao 差chai,ci 畜xu 伺si 恶wu 否pi 咖ga 夹ga 嚼jiao 龟jun,qiu 勒le 迫pai 蛤ge 单chan \
    晟sheng 乘sheng 种chong 秘bi 能nai 系ji 巷hang 吓he 数shuo 阿e 艾yi 便pian 伯bai 的di 石dan 说shui 识zhi 殖shi 著zhe 佛fo 谷yu 核hu \
    见xian 劲jing 俩liang 绿lu 脉mo 那nei 奇ji 期ji 稽qi 亲qing 熟shou 陶yao 褪tun 虾ha 烟yin 叶xie 遗wei 员yun 择zhai 幢zhuang 琢zhuo \
    综zeng 柞zuo 蹊xi 栖xi 涡guo 尉yu 隗wei 镐hao 圩xu 浒xu 歙xi 泷shuang 荥ying 犍qian 筠jun 枞zong 谁shei 俟si 澹tan 嗯en 哦e 茄qie 肋lei \
    匙chi 桔jie 仔zi 爪zhua 槛jian 辗zhan 椎zhui 莎suo 刹cha 杉sha 栅shan 曝bao 娜nuo 觉jiao 侗tong 蔚yu 兹ci 咯ka 呢ni 句gou 落la,lao \
    雀qiao 卷quan 尺che 臭xiu 逮di";

/// The whole table, as it is shipped.
pub fn table() -> Vec<u8> {
    let sounds: Vec<String> = READ.map(sounds).collect();
    let names: BTreeSet<&str> = sounds.iter().map(String::as_str).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let numbers: Vec<u16> = sounds.iter().map(|sound| names.binary_search(&sound.as_str()).unwrap_or_default() as u16).collect();
    let simplified: Vec<(u16, u16)> = CHARACTERS.filter_map(|c| Some((c as u16, simplified(c)? as u16))).collect();
    let mut table = b"HAN1".to_vec();
    let text = names.join(" ");
    table.extend((text.len() as u16).to_le_bytes());
    table.extend(text.bytes());
    planes(&mut table, &numbers);
    let mut last = *CHARACTERS.start() as u16;
    let steps: Vec<u16> = simplified.iter().map(|(from, _)| from - std::mem::replace(&mut last, *from)).collect();
    planes(&mut table, &steps);
    planes(&mut table, &simplified.iter().map(|(_, to)| *to).collect::<Vec<_>>());
    table
}

/// How many numbers, then all their low bytes, then all their high bytes: so they compress to half.
fn planes(table: &mut Vec<u8>, numbers: &[u16]) {
    table.extend((numbers.len() as u16).to_le_bytes());
    table.extend(numbers.iter().map(|number| *number as u8));
    table.extend(numbers.iter().map(|number| (number >> 8) as u8));
}

/// The simplified character for a traditional one or a variant of Taiwan or Hong Kong; none where it is its own.
fn simplified(c: char) -> Option<char> {
    let mut found = c;
    // What one step leads to may itself be simplified; three are more than any chain has.
    for _ in 0..3 {
        let convert = [hanconv::t2s, hanconv::tw2s, hanconv::hk2s];
        match convert.into_iter().find_map(|convert| one(&convert(found.to_string())).filter(|next| *next != found)) {
            Some(next) => found = next,
            None => break,
        }
    }
    (found != c && CHARACTERS.contains(&found)).then_some(found)
}

fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// The readings of a character as `chang/zhang`, the usual one first; empty for one that is searched as another.
fn sounds(c: char) -> String {
    if simplified(c).is_some() {
        return String::new();
    }
    let usual = c.to_pinyin().map(|sound| sound.plain().replace('ü', "v"));
    let also = ALSO.split_whitespace().find_map(|entry| entry.strip_prefix(c)).into_iter().flat_map(|sounds| sounds.split(','));
    let mut found: Vec<&str> = Vec::new();
    for sound in usual.as_deref().into_iter().chain(also) {
        if !found.contains(&sound) && sound.bytes().all(|b| b.is_ascii_lowercase()) {
            found.push(sound);
        }
    }
    found.join("/")
}
