-- The report's own constructs, for both renderers and every format.
--
-- Quarto runs this filter before it looks at the document (`at: pre-ast`), the embedded renderer
-- before its own filter, so both see the same document afterwards.
--
--   ::: {.lead}              opening paragraph of a chapter, set larger
--   :::: {.cards}            grid of headline figures, each a `::: {.card}` whose first paragraph is
--                            the number, `[...]{.card-number}`, and whose second says what it counts
--   :::: {.pair}             two columns, each a `::: {.half}`, which may be conditional
--   :::: {.key-points}       box with the points to take away
--   ::: {.source-line}       where a figure or table is from
--   ::: {.source-list}       list of sources; each starts with an anchor, `[]{#src-...}`
--   ::: {.notes}             source notes in print; each starts with `[12]{#note-12 .note-number}`,
--                            whose `about` describes links to it
--   ::: {.callout-note}      also -tip, -warning, -important, -caution: a notice, with a title from
--                            its first heading or its `title` attribute
--   [GDP]{.abbr title="..."} an abbreviation with what it stands for

local typst = FORMAT == "typst"
local docx = FORMAT == "docx"
local html = FORMAT:match("^html") ~= nil

-- Quarto names the captions of floats with this suffix; the embedded renderer does the same.
local CAPTION = "-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"

local NOTICES = { note = "Note", tip = "Tip", warning = "Warning", important = "Important",
                  caution = "Caution" }

-- Constructs that are one box around their content: class -> Word style.
local BOXES = { ["lead"] = "Lead", ["key-points"] = "Key Points", ["source-line"] = "Source Line",
                ["source-list"] = "Source List", ["notes"] = "Source Line" }

local words = {}

--- Write a text in the quotes of Typst's code.
local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function read_words(meta)
  for name, text in pairs(meta.words or {}) do
    words[name] = pandoc.utils.stringify(text)
  end
end

--- Put blocks between two pieces of Typst, or in a styled division for Word.
local function wrapped(opening, blocks, closing)
  local result = pandoc.Blocks({ raw(opening) })
  result:extend(blocks)
  result:insert(raw(closing))
  return result
end

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function notice_kind(div)
  for kind in pairs(NOTICES) do
    if div.classes:includes("callout-" .. kind) then return kind end
  end
end

--- Take a notice's title from its attribute, its first heading, or its kind.
local function notice_title(div, kind)
  local given = div.attributes.title
  if given then return pandoc.read(given, "markdown").blocks[1].content end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines(words["notice-" .. kind] or NOTICES[kind])
end

local function notice(div, kind)
  local title = notice_title(div, kind)
  if typst then
    local result = pandoc.Blocks({ raw('#notice("' .. kind .. '", ['), pandoc.Plain(title), raw("])[") })
    result:extend(div.content)
    result:insert(raw("]"))
    return result
  end
  local heading = pandoc.Para(pandoc.Strong(title))
  if docx then
    local body = pandoc.Blocks({ heading })
    body:extend(div.content)
    return styled("Notice", body)
  end
  local body = pandoc.Blocks({ pandoc.Div(heading, pandoc.Attr("", { "notice-title" })) })
  body:extend(div.content)
  return pandoc.Div(body, pandoc.Attr(div.identifier, { "notice", "notice-" .. kind }, { role = "note" }))
end

local function is_card(block)
  return block.t == "Div" and block.classes:includes("card")
end

--- Give the number of a card and what it says styles of their own in Word.
local function word_cards(div)
  local result = pandoc.Blocks({})
  for _, card in ipairs(div.content) do
    for place, block in ipairs(is_card(card) and card.content or {}) do
      result:insert(styled(place == 1 and "Key Figure" or "Key Figure Text", { block }))
    end
  end
  return result
end

local function cards(div)
  local result = pandoc.Blocks({ raw("#cards(") })
  for _, block in ipairs(div.content) do
    if is_card(block) then
      result:extend(wrapped("[", block.content, "],"))
    end
  end
  result:insert(raw(")"))
  return result
end

--- Put halves side by side; the condition of a half goes around it.
local function pair(div)
  local result = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("half") then
      local half = typst and wrapped("[", block.content, "],") or { pandoc.Div(block.content, pandoc.Attr("", { "half" })) }
      block.classes = block.classes:filter(function(class) return class ~= "half" end)
      if #block.classes > 0 then half = { pandoc.Div(half, block.attr) } end
      result:extend(half)
    end
  end
  if typst then return wrapped("#pair(", result, ")") end
  div.content = result
  return div
end

--- A list for people who hear the page: "list, 6 items".
local function listed_cards(div)
  div.attributes.role = "list"
  for _, block in ipairs(div.content) do
    if is_card(block) then block.attributes.role = "listitem" end
  end
  return div
end

--- Let a wide table scroll inside its own box, reachable by keyboard and named by its caption.
local function scrolling_table(div)
  -- A list of pairs keeps its order; a Lua table would come out differently each time.
  local attributes = { { "tabindex", "0" }, { "role", "region" }, { "aria-labelledby", div.identifier .. CAPTION } }
  for place, block in ipairs(div.content) do
    if block.t == "Table" then
      div.content[place] = pandoc.Div(block, pandoc.Attr("", { "table-scroll" }, attributes))
    end
  end
  return div
end

--- Give the cells of Word's tables a style of their own, smaller than the text's.
local function cells(element)
  return element:walk({
    Plain = function(plain)
      return pandoc.Div(pandoc.Para(plain.content), pandoc.Attr("", {}, { ["custom-style"] = "Table Text" }))
    end,
  })
end

--- Let the first cell of each row head it, for those who hear a table cell by cell.
local function row_heads(element)
  if #element.colspecs < 2 then return nil end
  for _, body in ipairs(element.bodies) do body.row_head_columns = math.max(1, body.row_head_columns) end
  return element
end

local function box(div, class, style)
  if typst then return wrapped("#" .. class .. "[", div.content, "]") end
  if docx then return styled(style, div.content) end
end

local function division(div)
  local kind = notice_kind(div)
  if kind then return notice(div, kind) end
  for class, style in pairs(BOXES) do
    if div.classes:includes(class) then return box(div, class, style) end
  end
  if div.classes:includes("cards") then
    if typst then return cards(div) end
    if docx then return word_cards(div) end
    if html then return listed_cards(div) end
  end
  if div.classes:includes("pair") then return pair(div) end
  if html and div.identifier:match("^tbl%-") then return scrolling_table(div) end
end

local function abbreviation(span)
  if not html then return span.content end
  local meaning = span.attributes.title:gsub("&", "&amp;"):gsub('"', "&quot;")
  local result = pandoc.Inlines({ pandoc.RawInline("html", '<abbr title="' .. meaning .. '">') })
  result:extend(span.content)
  result:insert(pandoc.RawInline("html", "</abbr>"))
  return result
end

--- Say the language of words in another than the document's; Pandoc does not tell Typst.
local function spoken(span)
  local language = span.attributes.lang
  if not language then return span.content end
  local result = pandoc.Inlines({ pandoc.RawInline("typst", '#text(lang: "' .. language .. '")[') })
  result:extend(span.content)
  result:insert(pandoc.RawInline("typst", "]"))
  return result
end

--- Let links to a source be described by its title.
local function anchor(span)
  local named = quoted((words.source or "Source:") .. " " .. pandoc.utils.stringify(span.content))
  local result = pandoc.Inlines({ pandoc.RawInline("typst", '#target("' .. span.identifier .. '", ' .. named .. ");") })
  return result .. spoken(span)
end

local function card_number(span)
  if typst then
    local result = pandoc.Inlines({ pandoc.RawInline("typst", "#card-number[") })
    result:extend(span.content)
    result:insert(pandoc.RawInline("typst", "]"))
    return result
  end
end

local function note_number(span)
  local number = pandoc.utils.stringify(span.content)
  local about = quoted(span.attributes.about or number)
  return pandoc.RawInline("typst", '#note-number("' .. number .. '", ' .. about .. ");")
end

local function span(element)
  if element.classes:includes("abbr") then return abbreviation(element) end
  if element.classes:includes("card-number") then return card_number(element) end
  if typst and element.classes:includes("note-number") then return note_number(element) end
  if typst and element.identifier ~= "" then return anchor(element) end
  if typst and element.attributes.lang then return spoken(element) end
end

--- Keep a date such as 2026-06-30 on one line; browsers break at its hyphens.
local function date(str)
  if str.text:match("^%d%d%d%d%-%d%d[%d-]*$") then
    return pandoc.Span(str, pandoc.Attr("", { "date" }))
  end
end

--- Leave the metadata alone, which templates put into attributes.
local function dates(doc)
  doc.blocks = doc.blocks:walk({ Str = date })
  return doc
end

return {
  { Meta = read_words },
  { Div = division, Span = span, Table = docx and cells or html and row_heads or nil },
  { Pandoc = html and dates or nil },
}
