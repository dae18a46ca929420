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
  if typst then return pandoc.RawInline("typst", "#sign[" .. text .. "]") end
  if not html then return pandoc.Superscript(span.content) end
  local said = escaped(span.attributes.said)
  return pandoc.RawInline("html", '<sup class="sign" aria-hidden="true" title="' .. said .. '">' .. text .. "</sup>"
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

--- Replace the links of one paragraph: the reference stands behind the last of several neighbours.
local function paragraph(block)
  local numbers = {}
  block:walk({ Link = function(link)
    if is_value(link) then numbers[#numbers + 1] = link.attributes["data-note"] end
  end })
  if #numbers == 0 then return nil end
  local place = 0
  return block:walk({ Link = function(link)
    if not is_value(link) then return nil end
    place = place + 1
    local content = link.content
    if numbers[place] ~= numbers[place + 1] then content:insert(reference(numbers[place])) end
    return content
  end })
end

return {
  { Span = sign },
  html and {} or { Para = paragraph, Plain = paragraph },
}
