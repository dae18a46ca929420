-- Values that are linked to their source notes, and sources that are linked to their list.
--
-- Both renderers run this filter after they have put the values in place.
--
--   [33]{.value data-note="12" said="..."} as a link to #note-12: on a page it stays the link that
--   it is; in print the number is followed by a raised reference, and neighbours with one note share
--   it. Where something is `said` of it (it is not official, or estimated), it carries one mark, which
--   is drawn and never text: who copies a sentence gets the sentence.
--   [2026](#src-x): a source in the list of sources; what ends with a year gets the letter that tells
--   the works of one publisher and year apart (the metadata's `letters`).
--   [projects]{one="project"}: words that agree with the value before them, by its number today: in
--   English 1 is one, in French whatever is less than 2.
--
-- Where the document names an `annex`, notes and sources stand there: links lead into it, and in
-- print a number is a link into it and needs no reference behind it. Chapters of the annex are pages
-- of their own: the metadata's `pages` say which page has an anchor, `note` and `src` standing for all.

local typst = FORMAT == "typst"
local html = FORMAT:match("^html") ~= nil

local annex, pages, letters, used_of = "", {}, {}, "Use of source note"
local referred = {}   -- notes to which something in print refers already

local function read_annex(meta)
  if meta.annex then annex = pandoc.utils.stringify(meta.annex) end
  if meta.words and meta.words["note-use"] then used_of = pandoc.utils.stringify(meta.words["note-use"]) end
  for anchor, page in pairs(meta.pages or {}) do pages[anchor] = pandoc.utils.stringify(page) end
  for anchor, one in pairs(meta.letters or {}) do letters[anchor] = pandoc.utils.stringify(one) end
end

--- Add the letter of a source to the year, or the words for none, that its link ends with.
local function add_letter(link)
  local letter = letters[link.target:match("#(src%-.+)$") or ""] or ""
  local text = letter ~= "" and pandoc.utils.stringify(link.content) or ""
  if not text:match(", [^,]+$") then return nil end
  link.content:insert(pandoc.Str((text:match("%d$") and "" or "-") .. letter))
  return link
end

--- Address an anchor of the annex; what has no page of its own stays on the first one.
local function in_annex(anchor)
  return (pages[anchor] or pages[anchor:match("^%l+")] or annex) .. "#" .. anchor
end

local function is_value(link)
  return link.classes:includes("value") and link.attributes["data-note"] ~= nil
end

--- Let links to notes and sources lead to where these are; say on a page what a mark means.
local function lead(link)
  local changed = add_letter(link)
  local page, anchor = link.target:match("^(.-)#(.+)$")
  if annex ~= "" and (page == annex or page == "" and (anchor:match("^src%-") or anchor:match("^note%-"))) then
    link.target = in_annex(anchor)
    changed = link
  end
  if html and link.attributes.said then
    link.title = link.attributes.said
    link.attributes.said = nil
    changed = link
  end
  return changed
end

-- The number of the value that was last met in a paragraph; none before the first.
local number, french = nil, false

local function read_language(meta)
  french = meta.lang ~= nil and pandoc.utils.stringify(meta.lang):match("^fr") ~= nil
end

local function forget()
  number = nil
end

--- Read the number that a person sees, such as 1 in "about 1" and 1.5 in "1,5 million".
local function remember(link)
  if not is_value(link) then return nil end
  local text = pandoc.utils.stringify(link.content):gsub("\u{a0}", "")
  local digits = text:match("%d[%d.,]*") or ""
  digits = french and digits:gsub(",", ".") or digits:gsub(",", "")
  number = tonumber((digits:gsub("%.$", "")))
end

local function agree(span)
  local one = span.attributes.one
  if one == nil then return nil end
  local single = number ~= nil and (french and number < 2 or number == 1)
  return single and pandoc.Inlines(one) or span.content
end

local function reference(number)
  if not typst then
    return pandoc.Superscript(pandoc.Link(number, annex ~= "" and in_annex("note-" .. number) or "#note-" .. number))
  end
  local used = referred[number] and "" or ', used: "' .. used_of .. " " .. number .. '"'
  referred[number] = true
  return pandoc.RawInline("typst", '#note-mark("' .. number .. '"' .. used .. ");")
end

-- Every use of a value in print, in order: the paragraph in which it stands, none in the metadata,
-- and its note. Walks that ask for links alone need not take every paragraph apart.
local uses, paragraphs, place = {}, 0, 0

local function count_paragraph()
  paragraphs = paragraphs + 1
end

local function note_use(link)
  if is_value(link) then uses[#uses + 1] = { paragraph = paragraphs, note = link.attributes["data-note"] } end
end

--- Replace a value's link: the reference stands behind the last of several neighbours.
local function replace_use(link)
  if not is_value(link) then return nil end
  place = place + 1
  local use, neighbour = uses[place], uses[place + 1]
  if use.paragraph == 0 then return nil end
  local content = link.content
  if typst and link.attributes.said then content:insert(pandoc.RawInline("typst", "#mark;")) end
  if typst and annex ~= "" then
    link.content = content
    return link
  end
  if not neighbour or neighbour.paragraph ~= use.paragraph or neighbour.note ~= use.note then
    content:insert(reference(use.note))
  end
  return content
end

--- Keep an apostrophe behind a digit as it is: Pandoc writes a plain one, and Typst makes a prime of
--- that.
local function apostrophe(str)
  if not str.text:match("%d’") then return nil end
  local parts, rest = pandoc.Inlines({}), str.text
  local before, behind = rest:match("^(.-%d)’(.*)$")
  while before do
    parts:extend({ pandoc.Str(before), pandoc.RawInline("typst", "’") })
    rest = behind
    before, behind = rest:match("^(.-%d)’(.*)$")
  end
  if rest ~= "" then parts:insert(pandoc.Str(rest)) end
  return parts
end

return {
  { Meta = function(meta) read_annex(meta); read_language(meta) end },
  { traverse = "topdown", Para = forget, Plain = forget, Link = remember, Span = agree },
  { Link = lead },
  html and {} or { traverse = "topdown", Para = count_paragraph, Plain = count_paragraph, Link = note_use },
  html and {} or { traverse = "topdown", Link = replace_use },
  typst and { Str = apostrophe } or {},
}
