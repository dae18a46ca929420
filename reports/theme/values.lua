-- Values that are linked to their source notes, once they stand in the text.
--
-- Both renderers run this filter after they have put the values in place.
--
--   [33]{.value data-note="12"} as a link to #note-12: on a page it stays the link that it is; in
--   print the number is followed by a raised reference, and neighbours with one note share it.
--   [†]{.sign said="reported source"}: a raised sign, said in words to those who hear the page.

local typst = FORMAT == "typst"
local html = FORMAT:match("^html") ~= nil

local referred = {}   -- notes to which something in print refers already

local function escaped(text)
  return text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub('"', "&quot;")
end

local function sign(span)
  if not span.classes:includes("sign") then return nil end
  local text = pandoc.utils.stringify(span.content)
  if typst then
    local result = pandoc.Inlines({ pandoc.RawInline("typst", "#sign[") })
    result:extend(span.content)
    result:insert(pandoc.RawInline("typst", "]"))
    return result
  end
  if not html then return pandoc.Superscript(span.content) end
  local said = escaped(span.attributes.said)
  return pandoc.RawInline("html", '<sup class="sign" aria-hidden="true" title="' .. said .. '">' .. escaped(text) .. "</sup>"
    .. '<span class="visually-hidden"> (' .. said .. ")</span>")
end

local function is_value(link)
  return link.classes:includes("value") and link.attributes["data-note"] ~= nil
end

local function reference(number)
  if not typst then
    return pandoc.Superscript(pandoc.Link(number, "#note-" .. number))
  end
  local label = referred[number] and ";" or "<use-" .. number .. ">"
  referred[number] = true
  return pandoc.RawInline("typst", '#note-mark("' .. number .. '")' .. label)
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
  if not neighbour or neighbour.paragraph ~= use.paragraph or neighbour.note ~= use.note then
    content:insert(reference(use.note))
  end
  return content
end

return {
  { Span = sign },
  html and {} or { traverse = "topdown", Para = count_paragraph, Plain = count_paragraph, Link = note_use },
  html and {} or { traverse = "topdown", Link = replace_use },
}
