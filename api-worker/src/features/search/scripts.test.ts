import { beforeAll, expect, test } from "vitest";
import { type Caller, callerFor } from "../../../test/callers.ts";
import { createChat, createMessage } from "../../../test/factories.ts";

/** The messages of one person, by a short name. Each search must find exactly those that it names. */
const texts = {
  en: "The octopus has three hearts; don't ask why.",
  enCode: "Call foo_bar(x) in C++, then run `npm-audit` at v3.14.",
  enControl: "tab\tfirst\u000bsecond\u000cthird\u0085fourth",
  fr: "Un café crème, s'il vous plaît.",
  frDecomposed: "De\u0301ja\u0300 vu a\u0300 No\u0308el",
  de: "Die Straße ist gesperrt. GROẞE Größe.",
  pl: "Zażółć gęślą jaźń w Łodzi",
  tr: "İstanbul'da ılık bir akşam",
  nordic: "Rødgrød med fløde på Ærø, þetta er gott",
  vi: "Tôi tên là Nguyễn Văn Đức",
  ru: "Ну, ПРИВЕТ! Ёлка и йод",
  el: "Τα ελληνικά του Σίσυφου: ΣΙΣΥΦΟΣ",
  zh: "我想了解机器学习的基础知识。",
  zhMixed: "我的iPhone手机很好，价格10元",
  ja: "私は東京都に住んでいます。美味しいラーメンを食べた",
  jaDecomposed: "か\u3099っこうへ行く",
  jaHalf: "ｶﾞﾗｽの靴",
  ko: "저는 한국어를 공부해요",
  koDecomposed: "\u1109\u1165\u110b\u116e\u11af에 살아요",
  th: "ฉันชอบกินข้าวผัดที่ร้านนี้ทุกวัน",
  lo: "ຂ້ອຍມັກກິນເຂົ້າໜຽວຢູ່ລາວ",
  km: "ខ្ញុំចូលចិត្តរៀនភាសាខ្មែរ",
  my: "ကျွန်တော်မြန်မာစကားပြောတတ်တယ်",
  ar: "مُحَمَّدٌ يقرأ كتابًا،ثم ينام في ٢٠٢٦",
  arTatweel: "العـــربية لغة جميلة",
  fa: "می‌خواهم کتاب بخوانم",
  he: "שָׁלוֹם עֲלֵיכֶם",
  hi: "मुझे हिन्दी भाषा पसंद है।अगला वाक्य",
  ta: "தமிழ் மொழி இனிமையானது",
  ka: "ქართული ენა",
  am: "የአማርኛ ቋንቋ፡ጥሩ ነው",
  full: "ＦＵＬＬ　ｗｉｄｔｈ　１２３",
  signs: "㎏ and ﬁne ①",
  emoji: "Well done 👍🏽 on the 👩‍💻 desk 🇩🇪 ☎️",
  planted: "b2x\u060cneedle t1x;owner",
} as const;
type Name = keyof typeof texts;

const searches: readonly (readonly [query: string, found: readonly Name[]])[] = [
  ["octopus", ["en"]],
  ["OCTO", ["en"]],
  ["topus", []],
  ["hearts three", ["en"]],
  ["don't", ["en"]],
  ["foo_bar", ["enCode"]],
  ["bar x", ["enCode"]],
  ["npm audit", ["enCode"]],
  ["v3.14", ["enCode"]],
  ["second", ["enControl"]],
  ["third", ["enControl"]],
  ["fourth", ["enControl"]],
  ["cafe creme", ["fr"]],
  ["CAFÉ", ["fr"]],
  ["deja", ["frDecomposed"]],
  ["déjà noël", ["frDecomposed"]],
  ["strasse", ["de"]],
  ["STRAßE", ["de"]],
  ["grosse", ["de"]],
  ["lodzi", ["pl"]],
  ["zażół", ["pl"]],
  ["gesla", ["pl"]],
  ["istanbul", ["tr"]],
  ["ilik aksam", ["tr"]],
  ["rodgrod", ["nordic"]],
  ["aero", ["nordic"]],
  ["thetta", ["nordic"]],
  ["nguyen duc", ["vi"]],
  ["привет", ["ru"]],
  ["елка", ["ru"]],
  ["ελλη", ["el"]],
  ["σισυφος", ["el"]],
  ["机器学习", ["zh"]],
  ["器学", ["zh"]],
  ["学机", []],
  ["手机", ["zhMixed"]],
  ["iphone", ["zhMixed"]],
  ["東京", ["ja"]],
  ["京東", []],
  ["ラーメン", ["ja"]],
  ["がっこう", ["jaDecomposed"]],
  ["ガラス", ["jaHalf"]],
  ["한국", ["ko"]],
  ["서울", ["koDecomposed"]],
  ["\u1112\u1161\u11ab국", ["ko"]],
  ["ข้าวผัด", ["th"]],
  ["ร้าน", ["th"]],
  ["ຂ້ອຍ", ["lo"]],
  ["ກິນ", ["lo"]],
  ["ភាសា", ["km"]],
  ["ខ្មែរ", ["km"]],
  ["စကား", ["my"]],
  ["မြန်မာ", ["my"]],
  ["محمد", ["ar"]],
  ["ثم", ["ar"]],
  ["2026", ["ar"]],
  ["كتاب", ["ar", "fa"]],
  ["العربية", ["arTatweel"]],
  ["میخواهم", ["fa"]],
  ["שלום", ["he"]],
  ["עליכם", ["he"]],
  ["हिन्दी", ["hi"]],
  ["अगला", ["hi"]],
  ["தமிழ்", ["ta"]],
  ["ქართ", ["ka"]],
  ["ጥሩ", ["am"]],
  ["full width", ["full"]],
  ["ｗｉｄｔｈ", ["full"]],
  ["kg", ["signs"]],
  ["fine", ["signs"]],
  ["👍", ["emoji"]],
  ["👍🏿", ["emoji"]],
  ["💻", ["emoji"]],
  ["☎", ["emoji"]],
  ["🇩🇪", ["emoji"]],
  ["🇪🇩", []],
  ["needle", ["planted"]],
  ["owner", ["planted"]],
];

let owner: Caller;
const names = new Map<string, Name>();

beforeAll(async () => {
  owner = await callerFor("owner");
  const stranger = await callerFor("anotherUser");
  for (const { user } of [owner, stranger]) {
    const chat = await createChat(user, { title: "-" });
    for (const name of Object.keys(texts) as Name[]) {
      const { id } = await createMessage(user, chat, { text: texts[name] });
      if (user === owner.user) names.set(id, name);
    }
  }
});

test.each(searches)("%s is found where it is, and nowhere else", async (query, found) => {
  const { items, isComplete } = await owner.api.chats.search.query({ query, limit: 50 });
  expect(isComplete).toBe(true);
  expect(items.map(({ messageId }) => names.get(messageId ?? "")).sort()).toEqual(
    [...found].sort(),
  );
  for (const { snippet } of items) expect(snippet.some(({ isMatch }) => isMatch)).toBe(true);
});
