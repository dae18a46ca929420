-- In a piece that is converted apart for print, the marks that references will replace.
--
-- References are code to Typst. As raw text of its own a mark is code to the writer too, which
-- then escapes what Typst would take for a part of it, such as a semicolon behind it.

local MARK = "^(.-)(\u{e002}\u{e002}[%w_-]+\u{e003}\u{e003})(.*)$"

function Str(str)
  local result, rest = pandoc.Inlines({}), str.text
  local before, mark, after = rest:match(MARK)
  if not mark then return nil end
  while mark do
    if before ~= "" then result:insert(pandoc.Str(before)) end
    result:insert(pandoc.RawInline("typst", mark))
    rest = after
    before, mark, after = rest:match(MARK)
  end
  if rest ~= "" then result:insert(pandoc.Str(rest)) end
  return result
end
