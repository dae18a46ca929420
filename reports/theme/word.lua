-- What Word is given: captions, references and pictures the same way by both renderers.
--
-- Quarto would set each figure into a table of its own, without its alternative text, and type the
-- numbers of headings. Here figures and tables are plain captions and pictures, numbered in their
-- order; headings are numbered by Word, by the styles of `reference.docx`.

if FORMAT ~= "docx" then return {} end

local NBSP = "\u{a0}"
local words = { figure = "Figure", table = "Table", section = "Section" }   -- also "-in-text" of each
local entries = {}   -- identifier -> { kind, number }
local floats = { fig = 0, tbl = 0 }
local counters, top = {}, 9

local function float_kind(div)
  local kind = div.identifier:match("^(%l+)%-")
  return floats[kind] and kind or nil
end

local function find_top(header)
  top = math.min(top, header.level)
end

local function count_section(header)
  if header.classes:includes("unnumbered") then return nil end
  counters[header.level] = (counters[header.level] or 0) + 1
  for deeper = header.level + 1, 9 do counters[deeper] = nil end
  local parts = {}
  for each = top, header.level do parts[#parts + 1] = tostring(counters[each] or 0) end
  entries[header.identifier] = { kind = "section", number = table.concat(parts, ".") }
end

--- A heading that is not numbered has a style of its own, which is a heading to Word too.
local function heading(header)
  if not header.classes:includes("unnumbered") then return nil end
  local text = pandoc.Span(header.content, pandoc.Attr(header.identifier))
  local style = "Unnumbered Heading " .. (header.level - top + 1)
  return pandoc.Div(pandoc.Para(text), pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function count_float(div)
  local kind = float_kind(div)
  if not kind or entries[div.identifier] then return nil end
  floats[kind] = floats[kind] + 1
  local named = kind == "fig" and "figure" or "table"
  entries[div.identifier] = { kind = named, number = tostring(floats[kind]) }
end

--- Word reads the alternative text where Pandoc has a caption.
local function picture(image)
  local text = image.attributes["fig-alt"] or image.attributes.alt
  if not text then return nil end
  image.attributes["fig-alt"] = nil
  image.attributes.alt = nil
  image.caption = pandoc.Inlines(text)
  return pandoc.Span(image)   -- Quarto makes a figure of its own of a picture that stands alone
end

local function float(div)
  local kind = float_kind(div)
  local last = div.content[#div.content]
  -- One without a caption is told of later, by whoever looks for captions.
  if not kind or last == nil or last.t ~= "Para" then return nil end
  div.content:remove()
  local entry = entries[div.identifier]
  local caption = pandoc.Inlines({ pandoc.Str(words[entry.kind] .. NBSP .. entry.number .. "."), pandoc.Space() })
  caption:extend(last.content)
  local style = kind == "fig" and "Image Caption" or "Table Caption"
  local text = pandoc.Span(caption, pandoc.Attr(div.identifier))
  local result = pandoc.Blocks({ pandoc.Div(pandoc.Para(text), pandoc.Attr("", {}, { ["custom-style"] = style })) })
  if kind == "fig" then
    result:insert(pandoc.Div(div.content, pandoc.Attr("", {}, { ["custom-style"] = "Captioned Figure" })))
  else
    result:extend(div.content)
  end
  return result
end

local function reference(citation, entry)
  local text = pandoc.Inlines({ pandoc.Str(words[entry.kind .. "-in-text"] or words[entry.kind]) })
  if #citation.prefix > 0 then text = citation.prefix
  elseif citation.mode == "SuppressAuthor" then text = pandoc.Inlines({}) end
  if #text > 0 then text:insert(pandoc.Str(NBSP)) end
  text:insert(pandoc.Str(entry.number))
  return pandoc.Link(text, "#" .. citation.id)
end

--- Refer to what is numbered here; what is not is told of later.
local function references(cite)
  local result = pandoc.Inlines({})
  for place, citation in ipairs(cite.citations) do
    local entry = entries[citation.id]
    if not entry then return nil end
    if place > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    result:insert(reference(citation, entry))
  end
  return result
end

local function read_meta(meta)
  for name, text in pairs(meta.words or {}) do words[name] = pandoc.utils.stringify(text) end
  meta.lang = words.locale and pandoc.MetaString(words.locale) or meta.lang
  meta.date = meta["as-of-text"] or meta.date
  local publication = meta.publication
  if publication and publication["made-by"] then meta.author = publication["made-by"] end
  return meta
end

return {
  { Meta = read_meta },
  { Header = find_top },
  { Header = count_section },
  { traverse = "topdown", Div = count_float },
  { Image = picture },
  { Div = float, Header = heading },
  { Cite = references },
}
