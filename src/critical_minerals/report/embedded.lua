-- The Quarto constructs that our documents use, for Pandoc alone.
--
-- Conditional content, values from the metadata, numbered sections, figures and tables with their
-- references, alternative texts. What Quarto would write is written here too, class by class, so
-- that one style sheet and one Typst template serve both. Anything else is reported, never guessed:
-- one line per fault in the error's message, `fault <tab> words to find in the source <tab> message`.

local typst = FORMAT == "typst"
local docx = FORMAT == "docx"
local html = FORMAT:match("^html") ~= nil
local NBSP = "\u{a0}"
local CAPTION = "-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca"
local FORMATS = { html = html, typst = typst, docx = docx }
local CLASSES = { ["content-visible"] = true, ["content-hidden"] = true, ["cards"] = true,
                  ["card"] = true, ["lead"] = true, ["key-points"] = true, ["source-line"] = true,
                  ["source-list"] = true, ["notes"] = true, ["table-scroll"] = true, ["notice"] = true,
                  ["notice-title"] = true, ["section"] = true, ["footnotes"] = true,
                  ["pair"] = true, ["half"] = true }

local faults = {}
local meta = {}
local words = { figure = "Figure", table = "Table", section = "Section" }   -- also "-in-text" of each
local delimiter = "."
local entries = {}   -- identifier -> { name, number }
local floats = { fig = 0, tbl = 0 }

local function fault(needle, message)
  faults[#faults + 1] = "fault\t" .. needle .. "\t" .. message:gsub("[\n\t]", " ")
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"'
end

-- Values ------------------------------------------------------------------------------------------

--- Find what the metadata hold under a dotted name; of values Python has checked that they are there.
local function value(name)
  local found = meta
  for part in name:gmatch("[^.]+") do found = type(found) == "table" and found[part] end
  return found
end

local function as_inlines(found)
  local kind = pandoc.utils.type(found)
  if kind == "Inlines" then return found end
  if kind == "Blocks" then return pandoc.utils.blocks_to_inlines(found) end
  return pandoc.Inlines(pandoc.utils.stringify(found))
end

-- As Python marks a value, and as Pandoc escapes the mark in an address.
local MARK = "<value n=\u{e004}([%w_.-]+)>"
local ADDRESS_MARK = "%%3Cvalue%%20n=%%EE%%80%%84([%w_.-]+)%%3E"

local function plain_values(text)
  local function plain(name) return pandoc.utils.stringify(value(name)) end
  return (text:gsub(MARK, plain):gsub(ADDRESS_MARK, plain))
end

--- Put values into the attributes; nothing is given back where there are none, which is quicker.
local function values_in_attributes(element)
  local changed = nil
  for name, text in pairs(element.attributes) do
    if text:find(MARK) then
      element.attributes[name] = plain_values(text)
      changed = element
    end
  end
  return changed
end

local function values_in_link(link)
  local target = plain_values(link.target)
  if target == link.target then return values_in_attributes(link) end
  link.target = target
  return values_in_attributes(link) or link
end

local function values_in_code(element)
  if not element.text:find(MARK) then return nil end
  element.text = plain_values(element.text)
  return element
end

local function value_of_mark(raw)
  local name = raw.text:match("^" .. MARK .. "$")
  if name then return as_inlines(value(name)) end
  return values_in_code(raw)
end

local VALUES = {
  RawInline = value_of_mark, Link = values_in_link, Image = values_in_attributes, Div = values_in_attributes,
  Span = values_in_attributes, Code = values_in_code, CodeBlock = values_in_code,
  RawBlock = values_in_code,
}

-- Conditional content -----------------------------------------------------------------------------

local function holds(condition, needle)
  local result = false
  for name in condition:gmatch("[^,%s]+") do
    if FORMATS[name] == nil then
      fault(needle, "format '" .. name .. "' is not one of html, typst, docx")
    end
    result = result or FORMATS[name]
  end
  return result
end

--- Say whether a division is to be seen in this document; nil where it is not conditional.
local function seen(div)
  local visible = div.classes:includes("content-visible")
  if not visible and not div.classes:includes("content-hidden") then return nil end
  local fits = true
  for name, condition in pairs(div.attributes) do
    local needle = name .. '="' .. condition .. '"'
    if name == "when-format" then fits = fits and holds(condition, needle)
    elseif name == "unless-format" then fits = fits and not holds(condition, needle)
    elseif name == "when-meta" then fits = fits and value(condition) and true or false
    elseif name == "unless-meta" then fits = fits and not value(condition)
    else
      fault(name, "condition '" .. name .. "' is not one of when-format, unless-format, when-meta, unless-meta")
    end
  end
  return fits == visible
end

--- Keep or drop conditional content; what is conditional within it comes first.
local function conditional(div)
  local shown = seen(div)
  if shown == nil then return nil end
  return shown and div.content or {}
end

-- What is not known -------------------------------------------------------------------------------

local function check_division(div)
  for _, class in ipairs(div.classes) do
    if not CLASSES[class] and not class:match("^notice%-") then
      fault("." .. class, "the division '." .. class .. "' is unknown to the embedded renderer")
    end
  end
  for name in pairs(div.attributes) do
    if name:match("^layout") or name:match("^fig%-") or name:match("^tbl%-") then
      fault(name, "the attribute '" .. name .. "' on a division is unknown to the embedded renderer")
    end
  end
  local kind = div.identifier:match("^(%l+)%-")
  if kind == "lst" or kind == "eq" or kind == "thm" then
    fault("#" .. div.identifier, "only #fig-, #tbl- and #sec- can be numbered by the embedded renderer")
  end
end

-- Sections ----------------------------------------------------------------------------------------

local counters, top = {}, 9

local function section_number(level)
  counters[level] = (counters[level] or 0) + 1
  for deeper = level + 1, 9 do counters[deeper] = nil end
  local parts = {}
  for each = top, level do parts[#parts + 1] = tostring(counters[each] or 0) end
  return table.concat(parts, ".")
end

local function section(header)
  if header.classes:includes("unnumbered") then return nil end
  local number = section_number(header.level)
  if header.identifier:match("^sec%-") then
    entries[header.identifier] = { name = words.section, kind = "section", number = number }
  end
  if html then
    header.attributes["data-number"] = number
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span(number, pandoc.Attr("", { "header-section-number" })))
  end
  return header
end

local function find_top(header)
  top = math.min(top, header.level)
end

-- Figures and tables ------------------------------------------------------------------------------

local function alternative(image)
  return image.attributes["fig-alt"] or image.attributes.alt or pandoc.utils.stringify(image.caption)
end

local function picture(image)
  local text = alternative(image)
  image.attributes["fig-alt"] = nil
  image.attributes.alt = nil
  if text == "" then fault(image.src, "the picture has no fig-alt") end
  if typst then
    return pandoc.RawInline("typst", "#box(image(" .. quoted(image.src) .. ", alt: " .. quoted(text) .. "))")
  end
  image.caption = pandoc.Inlines(text)
  return image
end

local function caption_of(div)
  local last = div.content[#div.content]
  if last == nil or last.t ~= "Para" then
    fault("#" .. div.identifier, "'" .. div.identifier .. "' has no caption as its last paragraph")
    return pandoc.Inlines({})
  end
  div.content:remove()
  return last.content
end

local function titled(div, caption)
  local entry = entries[div.identifier]
  local result = pandoc.Inlines({ pandoc.Str(entry.name .. NBSP .. entry.number .. delimiter), pandoc.Space() })
  result:extend(caption)
  return result
end

local function html_float(div, kind, caption)
  local id = div.identifier .. CAPTION
  local classes = "quarto-float-caption-top quarto-float-caption quarto-float-" .. kind
  local body = pandoc.Blocks({
    pandoc.RawBlock("html", '<figure class="quarto-float quarto-float-' .. kind .. '">'),
    pandoc.RawBlock("html", '<figcaption class="' .. classes .. '" id="' .. id .. '">'),
    pandoc.Plain(titled(div, caption)),
    pandoc.RawBlock("html", "</figcaption>"),
    pandoc.Div(div.content, pandoc.Attr("", {}, { ["aria-describedby"] = id })),
    pandoc.RawBlock("html", "</figure>"),
  })
  return pandoc.Div(body, pandoc.Attr(div.identifier, { "quarto-float", "quarto-figure" }))
end

local function typst_float(div, kind, caption)
  local supplement = entries[div.identifier].name
  local result = pandoc.Blocks({ raw("#figure([") })
  result:extend(div.content)
  result:extend({
    raw("], caption: figure.caption(position: top, ["),
    pandoc.Plain(caption),
    raw(']), kind: "quarto-float-' .. kind .. '", supplement: ' .. quoted(supplement) .. ")<" .. div.identifier .. ">"),
  })
  return result
end

local function float_kind(div)
  local kind = div.identifier:match("^(%l+)%-")
  return floats[kind] and kind or nil
end

--- Count figures and tables in the order in which they stand, before any is rewritten.
local function count_float(div)
  local kind = float_kind(div)
  if not kind then return end
  floats[kind] = floats[kind] + 1
  local named = kind == "fig" and "figure" or "table"
  if entries[div.identifier] then fault("#" .. div.identifier, "'" .. div.identifier .. "' is there twice") end
  entries[div.identifier] = { name = words[named], kind = named, number = tostring(floats[kind]) }
end

local function float(div)
  local kind = float_kind(div)
  if not kind then return nil end
  local caption = caption_of(div)
  if html then return html_float(div, kind, caption) end
  return typst_float(div, kind, caption)
end

-- References --------------------------------------------------------------------------------------

local function reference(citation)
  local entry = entries[citation.id]
  if not entry then
    fault("@" .. citation.id, "nothing here is called '" .. citation.id .. "'")
    return pandoc.Inlines({ pandoc.Str("?@" .. citation.id) })
  end
  local name = pandoc.Inlines({ pandoc.Str(words[entry.kind .. "-in-text"] or entry.name) })
  if #citation.prefix > 0 then name = citation.prefix
  elseif citation.mode == "SuppressAuthor" then name = pandoc.Inlines({}) end
  if typst then
    local result = pandoc.Inlines({ pandoc.RawInline("typst", "#ref(<" .. citation.id .. ">, supplement: [") })
    result:extend(name)
    result:insert(pandoc.RawInline("typst", "])"))
    return result
  end
  local text = name:clone()
  if #text > 0 then text:insert(pandoc.Str(NBSP)) end
  text:insert(pandoc.Str(entry.number))
  return pandoc.Inlines({ pandoc.Link(text, "#" .. citation.id, "", pandoc.Attr("", { "quarto-xref" })) })
end

local function references(cite)
  local result = pandoc.Inlines({})
  for place, citation in ipairs(cite.citations) do
    if place > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    result:extend(reference(citation))
  end
  return result
end

local function without_figure(element)
  element.classes:insert("typst:no-figure")
  return element
end

-- Order of work -----------------------------------------------------------------------------------

--- Values that were read before come as a document of Pandoc's, which holds nothing else. They stay
--- out of this document's metadata, through which every filter would walk.
local function read_values(path)
  local file = assert(io.open(path, "rb"))
  local values = pandoc.read(file:read("a"), "json").meta.v
  file:close()
  return values
end

local function read_meta(found)
  meta = found
  if found["kept-values"] then meta.v = read_values(pandoc.utils.stringify(found["kept-values"])) end
  for name, text in pairs(found.words or {}) do words[name] = pandoc.utils.stringify(text) end
end

local function finish()
  if #faults > 0 then error("\n" .. table.concat(faults, "\n") .. "\n", 0) end
end

local function survey(div)
  check_division(div)
  count_float(div)
end

-- Each of these walks through the whole document, and those for what stands within paragraphs take
-- several times as long as those for divisions and headings: so there are two of the former.
-- The metadata come last in a walk: by then all faults are known.
return {
  { Meta = read_meta },
  VALUES,
  { Div = conditional },
  { Div = survey, Header = find_top },
  { Header = section },
  { Image = picture, Cite = references, Table = typst and without_figure or nil, Div = float, Meta = finish },
}
