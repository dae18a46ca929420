-- Converts one document after the other: what `pandoc.py` asks for on standard input, a line of
-- JSON each, is answered on standard output in the same way.

local templates = {}   -- compiled, by place and text

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function template(path, folder)
  local text = read(path)
  local name = folder .. "\n" .. path .. "\n" .. text
  templates[name] = templates[name] or pandoc.template.compile(text, path)
  return templates[name]
end

--- After these a space does not break; the program knows more of them than its interpreter.
local function abbreviations()
  local found = {}
  local listed = pandoc.pipe(arg[1], { "--print-default-data-file=abbreviations" }, "")
  for word in listed:gmatch("%S+") do found[word] = true end
  return found
end

-- As many columns as the program has: wider tables get widths in proportion.
local reading = pandoc.ReaderOptions({ standalone = true, columns = 72, abbreviations = abbreviations() })

--- Shift headings as the program's option does, which is no part of a reader or writer.
local function shifted(doc, by)
  return doc:walk({ Header = function(header)
    header.level = header.level + by
    return header
  end })
end

local function written(doc, output, folder)
  if output.shift ~= 0 then doc = shifted(doc, output.shift) end
  for _, path in ipairs(output.filters) do
    local globals = setmetatable({ FORMAT = output.to }, { __index = _G })
    doc = pandoc.utils.run_lua_filter(doc, path, globals)
  end
  local options = { wrap_text = "none", highlight_method = "none" }
  if output.template ~= "" then
    options.template = template(output.template, folder)
    options.variables = output.variables
  end
  if output.toc_depth > 0 then
    options.table_of_contents = true
    options.toc_depth = output.toc_depth
  end
  return pandoc.write(doc, output.to, options)
end

local function converted(asked)
  local doc = pandoc.read(asked.text, "markdown", reading)
  local texts = {}
  for place, output in ipairs(asked.outputs) do texts[place] = written(doc, output, asked.folder) end
  return texts
end

local function answer(line)
  local asked = pandoc.json.decode(line, false)
  return pandoc.system.with_working_directory(asked.folder, function() return converted(asked) end)
end

for line in io.lines() do
  local good, found = pcall(answer, line)
  local response = good and { good = true, texts = found } or { good = false, error = tostring(found) }
  io.stdout:write(pandoc.json.encode(response), "\n")
  io.stdout:flush()
end
