# Progress: indicators, major projects, mines and projects, rare-earth chain, exploration.

### No counts: $change (String), $gone (String), $leader (String), $rows (String), $year (String)

progress-ree-row = { $country }: { $cells }.
progress-span = { $start } to { $end }
progress-nearly-half = nearly half
progress-about-half = about half

# Figure: major projects
fig-major-projects-title = Natural resource projects under way or planned reached { $value } in { $year }, and critical minerals make up { $share } of the value of planned mining projects.
fig-major-projects-title-part = Critical minerals are behind { $critical } of { $mining } { $mining ->
    [one] mining project
   *[other] mining projects
} under way or planned.
fig-major-projects-title-none = No inventory of major projects was public on the report’s day.
fig-major-projects-caption = Above: all energy, forest and mining projects in the federal inventory, by year. Below: mining projects alone, split into those for critical minerals and the others; the two parts add up to what the source states. Where a source gives “about half”, the bar is drawn at half. The inventories differ in scope and day, so bars above and below cannot be compared.
fig-major-projects-caption-part = Mining projects alone, split into those for critical minerals and the others; the two parts add up to what the source states.
fig-major-projects-alt = Two rows of bar charts. Above, the number and capital value of all natural resource projects by year: { $first } { $first ->
    [one] project
   *[other] projects
} worth { $firstvalue } in { $firstyear }, { $last } { $last ->
    [one] project
   *[other] projects
} worth { $lastvalue } in { $lastyear }. Below, mining projects split in two: critical minerals account for { $reported ->
    [0] {""}
   *[other] { $critical } of { $mining } { $mining ->
        [one] project
       *[other] projects
    } in one inventory, and for{" "}
}{ $criticalvalue } of { $miningvalue } in planned projects.
fig-major-projects-alt-part = A bar chart of { $mining } { $mining ->
    [one] mining project
   *[other] mining projects
} under way or planned: { $critical } for critical minerals, worth { $criticalvalue }.
fig-major-projects-alt-none = An empty chart: no inventory was public on the report’s day.
panel-all-projects = All natural resources: projects
panel-all-capital-value = All natural resources: billions { $dollars }
panel-mining-projects = Mining: projects
panel-mining-capital-value = Mining: billions { $dollars }
panel-no-total = total not stated
inventory-mpi-2023 = Inventory of 2023
inventory-mpi-2024 = Inventory of 2024
inventory-planned-2034 = Planned to 2034
coverage-critical-minerals = Critical minerals
coverage-other-mining = Other mining
coverage-mining = All mining
coverage-all-natural-resources = All natural resources
coverage-minerals-and-metals = Minerals and metals
coverage-lithium = Lithium
coverage-exploration = Exploration
coverage-prices = Prices
coverage-companies = Companies
coverage-net-import-reliance = Net import reliance
coverage-canada-us = Canada and the United States
coverage-china = China
coverage-lists = Lists of critical minerals
project-measure-projects = Projects
project-measure-capital-value = Capital value
project-measure-capital-value-change = Change in capital value
project-measure-added = Projects added
project-measure-completed = Projects completed
project-measure-gone-inactive = Projects gone inactive
project-measure-share-of-projects = Share of projects

# Figure: map of mines and projects
# $total (Number) - from 2: of two minerals at least; $count (Number) - from 2: of two minerals at least
fig-projects-map-title = Of the { $total } mines, mills and projects on this map, { $count } are for { $first } or { $second }.
fig-projects-map-title-few = { $total ->
    [one] One mine or project is on this map.
   *[other] { $total } mines, mills and projects are on this map.
}
fig-projects-map-title-none = No list of mines or projects was public on the report’s day.
fig-projects-map-caption = Filled marks are in operation, hollow marks are planned or under construction; squares are mills. Each site stands under the first mineral of interest that it yields, though most yield several. The sources read cover only some of Canada’s mines. Positions of planned projects are approximate; crowded marks are moved aside, with a line to their place. Outlines: Natural Earth.
fig-projects-map-alt = A map of Canada with { $total } { $total ->
    [one] numbered mark
   *[other] numbered marks
} and a list of their names: { $operating } { $operating ->
    [one] mine or mill
   *[other] mines and mills
} in operation and { $planned } { $planned ->
    [one] project
   *[other] projects
}. Most stand in { $provinces }. Sites by mineral: { $first } { $firstcount }, { $second } { $secondcount }.
fig-projects-map-alt-few = A map of Canada with { $total } { $total ->
    [one] numbered mark and its name
   *[other] numbered marks and a list of their names
}.
sites-other = Other minerals
sites-key-operating = in operation
sites-key-planned = planned or under construction
sites-key-mill = mill
sites-unplaced = Not on the map
site-kind-mine = Mine
site-kind-mill = Mill
site-kind-processing = Processing plant
site-kind-infrastructure = Enabling infrastructure
site-status-operating = In operation
site-status-planned = Planned
site-status-under-construction = Under construction

# Figure: rare-earth value chain
# $all (Number) - from 2: a chain has several steps; $steps (Number) - from 2: likewise
fig-ree-chain-title =
    { $age ->
        [old] In { $year }, { $leader } covered
       *[new] { $leader } { $tied ->
            [one] covers
           *[other] each cover
        }
    } { $whole ->
        [yes] all { $all } steps
       *[no] { $steps } of { $all } steps
    } from rare-earth ore to finished product{ $since ->
        [0] { $open ->
            [0] .
           *[other] ; for Canada, sources see potential in { $openings }.
        }
       *[other] ; for Canada, newer sources add { $made }{ $open ->
            [0] .
           *[other] ; sources also see potential in { $openings }.
        }
    }
fig-ree-chain-title-none = No view of the rare-earth value chain was public on the report’s day.
fig-ree-chain-caption = Capabilities as Natural Resources Canada’s slides of early 2020 describe them in words, set out step by step here; each cell carries the year of its source, and newer ones replace the slides. “Downstream” in the slides is read as components and manufacturers, with magnets partly covered. “Not stated” means that the sources read are silent, not that nothing is there.
fig-ree-chain-alt = A matrix of { $countries } { $countries ->
    [one] country or bloc
   *[other] countries or blocs
} by { $all } { $all ->
    [one] step
   *[other] steps
}, each cell with a word. { $rows } All other cells are not stated.
step-mining = Mining
step-separation = Separation
step-metal = Metal
step-alloy = Alloy
step-magnet = Magnet
step-component = Component
step-oem = Manufacturer
capability-established = established
capability-partial = partly
capability-potential = potential
capability-none = none
capability-not-stated = not stated

ree-canada-since = By { $year }, however, the Saskatchewan Research Council was making rare-earth metal at a commercial scale.
ree-canada-none = No Canadian plant was known to make them.
bill-told =
    were proposed in { $year } and { $stage ->
        [proposed] still awaited passage in { $month }
        [passed] are reported as passed but not yet in force
       *[in-force] are in force
    }
bill-stage-proposed = proposed
bill-stage-passed = passed, not in force
bill-stage-in-force = in force
coverage-all-sectors = All sectors

# Figure: exploration spending
fig-exploration-title = Exploration spending reached { $last } in { $year }, { $change } more than in { $before }.
fig-exploration-title-level = Exploration spending came to { $last } in { $year }, about as much as in { $before }.
fig-exploration-title-down = Exploration spending fell to { $last } in { $year }, { $change } less than in { $before }.
fig-exploration-title-intended = Companies intended to spend { $last } on exploration in { $year }, a change of { $change } from { $before }.
fig-exploration-title-one = Exploration spending was { $last } in { $year }.
fig-exploration-title-none = No figures on exploration spending were public on the report’s day.
fig-exploration-caption = Spending on exploration and deposit appraisal in Canada; the narrow bars are the part for base metals. A dashed bar is computed from the published amount and share of base metals, since no total is in the sources read. The strokes show what was published first: a preliminary estimate or the companies’ intentions.
fig-exploration-alt = Bar chart by year. Spending on exploration goes from { $first } in { $firstyear } to { $last } in { $year }; base metals reach { $base } in { $baseyear }. { $revised ->
    [one] One figure was first published at another level.
   *[other] { $revised } figures were first published at another level.
}
fig-exploration-alt-none = An empty chart: no figures were public on the report’s day.
axis-exploration = Billions { $dollars }
axis-year = Year
exploration-category-total = all exploration
exploration-category-base-metals = base metals
exploration-category-precious-metals = precious metals
spending-basis-actual = spent
spending-basis-preliminary = first estimate
spending-basis-intentions = intentions
spending-basis-computed = computed

# Table: planned projects
tbl-planned-projects-title = Projects planned, proposed or under construction.
tbl-planned-projects-caption = Costs are those of the federal inventory or, where it has none, of each proponent’s own study or statement, at the prices of its year, and were not adjusted; what was stated in another currency is converted at the annual average rate.

# Columns
column-inventory = Inventory
column-coverage = Scope
column-exploration-category = Sought
column-spending-basis = Basis
column-site = Site
column-site-status = Status
column-company = Company
column-step = Step
column-capability = Capability

list-changes = { $more ->
    [0] { $less ->
        [0] It names the same minerals as that of { $year }.
       *[other] Of the list of { $year }, { $gone } { $less ->
            [one] is
           *[other] are
         } no longer on it.
     }
   *[other] It adds { $added } to the list of { $year }{ $less ->
        [0] .
       *[other] , and no longer names { $gone }.
     }
 }
