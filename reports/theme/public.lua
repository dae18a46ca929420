-- What was not yet public on the report's day is not said.
--
-- Both renderers run this filter first, while values are still names. Where one of the sentences of a
-- text is hidden, the sentence goes; a list entry, a notice or a paragraph of which nothing is left
-- goes with it, a card with any part of it. A section of which nothing is left says so.
--
--   {{< meta v.name >}}, @fig-name, [figure](annex.html#fig-name)   hidden where the metadata's
--                                               list `not-public` names the value, figure or table
--   [source, 2026](#src-name)                   likewise, where it lists a source of a later day
--   [The Alliance began.]{since="2025-06-17"}   words about an event: hidden before that day

-- How the embedded renderer writes a value's name, and how Quarto writes a shortcode.
local MARK = "<value n=\u{e004}v%.([%w_-]+)>"
local SHORTCODE = "{{<%s*meta%s+v%.([%w_-]+)%s*>}}"
local CLOSING = { "”", "»", "’", ")", "\u{a0}" }

local day, nothing = "", ""
local hidden = {}
local dated = false   -- whether words about an event were met

local function read(meta)
  if meta["as-of"] then day = pandoc.utils.stringify(meta["as-of"]) end
  if meta.words then nothing = pandoc.utils.stringify(meta.words["nothing-public"] or "") end
  for _, name in ipairs(meta["not-public"] or {}) do hidden[pandoc.utils.stringify(name)] = true end
end

--- A note says where a figure that is public is from: what was known may have been read in a later
--- document. Notes stay whole, for something leads to each.
local function is_notes(block)
  return block.t == "Div" and block.classes:includes("notes")
end

--- Say whether a document, or a part of it, tells of what was not public.
local function is_hidden(part)
  local found = false
  part:walk({
    Span = function(span)
      local since, code = span.attributes.since, span.attributes["data-raw"]
      dated = dated or since ~= nil
      found = found or (since ~= nil and day ~= "" and since > day)
        or (code ~= nil and hidden[code:match(SHORTCODE) or ""] == true)
    end,
    RawInline = function(raw)
      found = found or hidden[raw.text:match(MARK) or ""] == true
    end,
    Cite = function(cite)
      for _, each in ipairs(cite.citations) do found = found or hidden[each.id] == true end
    end,
    Link = function(link)
      found = found or hidden[link.target:match("#([%w-]+)$") or ""] == true
    end,
  })
  return found
end

--- Say whether a sentence may end with a word, whatever closes behind its full stop.
local function ends(inline)
  local text = pandoc.utils.stringify(inline)
  for _ = 1, 3 do
    for _, sign in ipairs(CLOSING) do
      if text:sub(-#sign) == sign then text = text:sub(1, -#sign - 1) end
    end
  end
  return text:match("[.!?]$") ~= nil
end

local function is_space(inline)
  return inline == nil or inline.t == "Space" or inline.t == "SoftBreak"
end

local function sentences(inlines)
  local all, one = {}, pandoc.Inlines({})
  for place, inline in ipairs(inlines) do
    if #one > 0 or not is_space(inline) then one:insert(inline) end
    local following = inlines[place + 2]
    local continues = following and following.t == "Str" and following.text:match("^%l")
    if ends(inline) and is_space(inlines[place + 1]) and not continues then
      all[#all + 1] = one
      one = pandoc.Inlines({})
    end
  end
  if #one > 0 then all[#all + 1] = one end
  return all
end

--- Keep the sentences that may be said. What is set in bold alone only names what follows.
local function said(inlines)
  local kept, telling = pandoc.Inlines({}), false
  for _, sentence in ipairs(sentences(inlines)) do
    if not is_hidden(sentence) then
      if #kept > 0 then kept:insert(pandoc.Space()) end
      kept:extend(sentence)
      telling = telling or not (#sentence == 1 and sentence[1].t == "Strong")
    end
  end
  return telling and kept or pandoc.Inlines({})
end

local prune

local function pruned_list(list)
  local items = pandoc.List()
  for _, item in ipairs(list.content) do
    local blocks = prune(item)
    if #blocks > 0 then items:insert(blocks) end
  end
  list.content = items
  return #items > 0 and list or nil
end

local function is_notice(div)
  for _, class in ipairs(div.classes) do
    if class:match("^callout") then return true end
  end
  return false
end

local function pruned(block)
  if block.t == "Para" or block.t == "Plain" then
    block.content = said(block.content)
    return #block.content > 0 and block or nil
  end
  if block.t == "BulletList" or block.t == "OrderedList" then return pruned_list(block) end
  if block.t == "Div" then
    if block.classes:includes("card") then return nil end
    block.content = prune(block.content)
    local titles = block.content:filter(function(each) return each.t == "Header" end)
    if is_notice(block) and #titles == #block.content then return nil end
    return #block.content > 0 and block or nil
  end
  return block
end

local function introduces(block)
  return block ~= nil and block.t == "Para" and pandoc.utils.stringify(block):match(":$") ~= nil
end

prune = function(blocks)
  local kept, opening_gone = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    local left, is_list, opens = block, block.t:match("List$") ~= nil, introduces(block)
    if is_list and opening_gone then
      left = nil
    elseif not is_notes(block) and is_hidden(block) then
      left = pruned(block)
    end
    opening_gone = opens and left == nil
    if left then
      kept:insert(left)
    elseif is_list and introduces(kept[#kept]) then
      kept:remove()
    end
  end
  return kept
end

--- Let a section that has lost all it said say that there is nothing yet.
local function filled(blocks, before)
  local had, last = {}, nil
  for _, block in ipairs(before) do
    if block.t == "Header" then last = block.identifier elseif last then had[last] = true end
  end
  local result = pandoc.Blocks({})
  for place, block in ipairs(blocks) do
    result:insert(block)
    local following = blocks[place + 1]
    local alone = block.t == "Header" and (following == nil or following.t == "Header")
    if alone and had[block.identifier] then result:insert(pandoc.Para(pandoc.Str(nothing))) end
  end
  return result
end

--- Words whose day has come are words like all others.
local function plain(span)
  if span.attributes.since == nil then return nil end
  return span.content
end

local function show_public(document)
  if is_hidden(document) then
    document.blocks = filled(prune(document.blocks), document.blocks)
  end
  return dated and document:walk({ Span = plain }) or document
end

return { { Meta = read }, { Pandoc = show_public } }
