# Supply: world production, China’s shares, concentration, and US import reliance.

### No counts: $deck (String), $first-country (String), $first-hhi (String), $first-share (String), $next (String), $share (String)

stage-extraction = extraction from natural gas
stage-not-stated = stage not stated
series-deck-2020 = Earlier federal presentation, stage not stated

axis-supply-canada-share = Canada’s share of US imports, %
axis-supply-china-share = China’s share of world supply, %
axis-supply-top-three = Shares of the three largest producers, %
axis-supply-hhi = Concentration index
legend-supply-reliance = US net import reliance, %
supply-canada-not-named = not named
supply-no-sources = no figure
list-none = none
share-of-each = { $share }{ $tied ->
    [one] {""}
   *[other] {" "}each
}

column-top-countries = Three largest producers
column-hhi = Concentration index
column-hhi-least = Concentration index (lowest)
column-hhi-most = Concentration index (highest)
column-reliance-shown = US reliance (%)
column-canada-import-pct = From Canada (%)

fig-us-reliance-title = Imports met at least half of US needs for { $half ->
    [0] none
   *[other] { $half }
} of { $count ->
    [one] 1 mineral
   *[other] { $count } minerals
} in { $year }; Canada is the largest source for { $leads ->
    [0] none
   *[other] { $leads }
}.
fig-us-reliance-title-none = US import reliance by mineral was not yet public on this day.
fig-us-reliance-caption = Cells: net imports in per cent of US consumption; > and < are bounds that the publisher gives in place of figures it withholds, E is a net exporter{ $unstated ->
    [0] {""}
   *[other] , W is a figure withheld and NA one not available
}, a blank cell has no figure. To their right (on a phone, above them): Canada’s share of US imports, { $start } to { $end } together. “Not named” means that Canada is not among the sources listed, not that its share is zero. One form a mineral: palladium for the platinum group, metal for magnesium, silicon and titanium; for nickel, Canada’s share is of primary metal. Uranium is not covered.
fig-us-reliance-alt = Heat map of { $count ->
    [one] 1 mineral
   *[other] { $count } minerals
} by year with Canada’s share of US imports as bars. At full reliance in { $year }: { $full ->
    [0] none
   *[other] { $full }
}. Canada is among the named sources for { $named ->
    [0] none.
   *[other] { $named }; its largest shares: { $largest }.
}

fig-china-shares-title = For { $up ->
    [0] none
   *[other] { $up }
} of { $count ->
    [one] 1 mineral
   *[other] { $count } minerals
}, China’s newest share is above that in the { $deck } presentation, though stages may differ.
fig-china-shares-title-none = Newest shares of China were not yet public on this day.
fig-china-shares-caption = The presentation of { $deck } states neither stage nor year. The newest shares are computed: China’s quantity over the world total that the U.S. Geological Survey publishes, at the stage and in the year named. A gap between the two can mean another stage as well as a change.
fig-china-shares-alt = Dot chart, minerals: { $count }. Each has two points, the share in the { $deck } presentation and the newest share. The newest is highest for { $highest } ({ $highest-share }) and lowest for { $lowest } ({ $lowest-share }).

fig-concentration-title = World supply is highly concentrated for { $high ->
    [0] none
   *[other] { $high }
} of { $count ->
    [one] 1 commodity
   *[other] { $count } commodities
}; China is the largest producer of { $china ->
    [0] none
   *[other] { $china }
}.
fig-concentration-title-none = World production by country was not yet public on this day.
fig-concentration-caption =
    Shares of the published world total in { $year }, at the stage named, for minerals of the Canadian list; the number in the bar is the largest producer’s share. For { $beyond } of { $count } { $count ->
        [one] commodity
       *[other] commodities
    } the countries exceed that total, which is rounded: shares are then of their sum. The Herfindahl-Hirschman index is the sum of squared shares ({ $most }: one producer); on a wide page, a line shows where else it could lie, given rounding and unnamed output. Dashed: { $threshold }, above which US merger guidelines speak of high concentration; a commodity counts as highly concentrated only if the whole line lies beyond it.{ $partial ->
        [0] {""}
       *[other] {" "}* Shares of the world without { $without }, whose withheld output the total leaves out: no upper bound of the index is known.
    }
fig-concentration-alt = Stacked bars of the three largest producers’ shares beside the concentration index, most concentrated first, for { $count ->
    [one] 1 commodity
   *[other] { $count } commodities
}. The index is highest for { $first } ({ $first-hhi }{ $firsts ->
    [one] ), where { $first-country } makes { $first-share }
   *[other] {" "}each)
}. Half of the commodities have a top-three share of { $median } or more. Canada is among the three largest producers of { $canada }.

tbl-us-reliance-title = US net import reliance beside Canada’s part in US imports.
tbl-us-reliance-caption = Reliance in { $year }; imports of { $start } to { $end } together; minerals of the Canadian list. > and < are bounds, E is a net exporter{ $unstated ->
    [0] {""}
   *[other] , W is a figure withheld and NA one not available
}; a dash means that Canada is not among the sources named and, where the largest source has a dash too, that none is named. For nickel, imports are of primary metal.
tbl-us-reliance-caption-none = US net import reliance and Canada’s part in US imports were not yet public on this day.

# Commodities as the sources divide the minerals.
commodity-alumina = Alumina
commodity-aluminum = Aluminum
commodity-antimony = Antimony
commodity-bauxite = Bauxite
commodity-bismuth = Bismuth
commodity-cesium = Cesium
commodity-chromium = Chromite
commodity-cobalt = Cobalt
commodity-copper = Copper
commodity-ferrosilicon = Ferrosilicon
commodity-fluorspar = Fluorspar
commodity-gallium = Gallium
commodity-graphite = Natural graphite
commodity-helium = Helium
commodity-ilmenite = Ilmenite
commodity-ilmenite-and-rutile = Ilmenite and rutile
commodity-indium = Indium
commodity-iron-ore = Iron ore
commodity-lithium = Lithium
commodity-magnesite = Magnesite
commodity-magnesium-metal = Magnesium metal
commodity-manganese = Manganese
commodity-molybdenum = Molybdenum
commodity-nickel = Nickel
commodity-niobium = Niobium
commodity-palladium = Palladium
commodity-phosphate-rock = Phosphate rock
commodity-platinum = Platinum
commodity-platinum-group-metals = Platinum-group metals
commodity-potash = Potash
commodity-rare-earth-elements = Rare earths
commodity-rutile = Rutile
commodity-scandium = Scandium
commodity-silicon-metal = Silicon metal
commodity-tantalum = Tantalum
commodity-tellurium = Tellurium
commodity-tin = Tin
commodity-titanium-sponge = Titanium sponge
commodity-tungsten = Tungsten
commodity-vanadium = Vanadium
commodity-yttrium = Yttrium
commodity-zinc = Zinc

# What is measured or traded.
form-all = All forms
form-alloys = Alloys
form-alumina = Alumina
form-bauxite = Bauxite
form-blister-and-anodes = Blister and anodes
form-calcined-equivalent = Calcined equivalent
form-caustic-calcined-magnesia = Caustic-calcined magnesia
form-chemicals = Chemicals
form-chloride = Chloride
form-compounds = Compounds
form-compounds-and-metals = Compounds and metals
form-contained = Contained element
form-combined-with-scrap = All forms, with scrap
form-crude-magnesite = Crude magnesite
form-crude-ore = Crude ore
form-dead-burned-magnesia = Dead-burned and fused magnesia
form-dioxide-pigment = Titanium dioxide pigment
form-dry-weight = Dry weight
form-erbium = Erbium compounds and metals
form-ferroalloy = Ferroalloy
form-ferroalloy-and-metal = Ferroalloy and metal
form-ferrosilicon = Ferrosilicon
form-gas = Gas
form-gas-from-storage = Gas from storage
form-gas-from-wells = Gas from wells
form-gross-weight = Gross weight
form-holmium = Holmium compounds and metals
form-hydroxide = Hydroxide
form-low-purity-metal = Low-purity metal
form-lutetium = Lutetium compounds and metals
form-matte-and-ash = Matte, ash and precipitate
form-metal = Metal
form-mineral-concentrates = Mineral concentrates
form-natural-graphite = Natural graphite
form-not-stated = Form not stated
form-ores-and-concentrates = Ores and concentrates
form-oxide = Oxide
form-oxide-content = Oxide content
form-oxide-equivalent = Oxide equivalent
form-palladium = Palladium
form-pentoxide = Vanadium pentoxide
form-platinum = Platinum
form-primary = Primary metal
form-pure-metal = Pure metal
form-recoverable-copper = Recoverable copper
form-recoverable-ore = Recoverable ore
form-shipping-grade = Shipping-grade ore
form-refined = Refined metal
form-scrap = Scrap
form-sheet-and-powder = Sheet, powder and other
form-silicomanganese = Silicomanganese
form-silicon-metal = Silicon metal
form-sponge-metal = Sponge metal
form-stainless-steel = Stainless steel
form-sulfates = Sulphates
form-terbium = Terbium compounds and metals
form-usable-ore = Usable ore
form-ytterbium = Ytterbium compounds and metals

# Stages in one word, for tight places.
short-stage-mine = mined
short-stage-refinery = refined
short-stage-smelter = smelted
short-stage-plant = produced
short-stage-primary = primary
short-stage-extraction = extracted
short-stage-not-stated = stage not stated

tbl-first-estimates-title = Canada’s output as first estimated by the U.S. Geological Survey, and a year later.
tbl-first-estimates-caption = Output in { $year }: what the release of { $next } first estimated, and what the release of the year after says; largest change first. First estimates are mostly rounded to two digits, so that small changes mean little. A change tells of better reports, and not of a rise or fall in output.
tbl-first-estimates-caption-none = No first estimate could yet be held against a later release on this day.
