# Approvisionnement : production mondiale, parts de la Chine, concentration et dépendance des États-Unis.

stage-extraction = extraction du gaz naturel
stage-not-stated = étape non précisée
series-deck-2020 = Présentation fédérale antérieure

axis-supply-canada-share = Part du Canada, % des importations
axis-supply-china-share = Part de la Chine dans l’offre mondiale, %
axis-supply-top-three = Parts des trois principaux producteurs, %
axis-supply-hhi = Indice de concentration
legend-supply-reliance = Dépendance nette des États-Unis, %
supply-canada-not-named = non nommé
supply-no-sources = aucun chiffre
list-none = aucun
share-of-each = { $share }{ $tied ->
    [one] {""}
   *[other] {" "}chacun
}

column-top-countries = Trois premiers producteurs
column-hhi = Indice de concentration
column-hhi-least = Indice de concentration (minimal)
column-hhi-most = Indice de concentration (maximal)
column-reliance-shown = Dépendance américaine (%)
column-canada-import-pct = Du Canada (%)

fig-us-reliance-title = En { $year }, les importations { $half ->
    [0] ne couvraient la moitié des besoins des États-Unis pour aucun minéral
    [one] couvraient au moins la moitié des besoins des États-Unis pour { $half } minéral
   *[other] couvraient au moins la moitié des besoins des États-Unis pour { $half } minéraux
} sur { $count }; le Canada { $leads ->
    [0] n’est la première source d’aucun d’entre eux
   *[other] est la première source de { $leads } d’entre eux
}.
fig-us-reliance-title-none = La dépendance des États-Unis aux importations, par minéral, n’était pas encore publique à cette date.
fig-us-reliance-caption = Cases : importations nettes en pourcentage de la consommation américaine; > et < sont des valeurs limites que l’organisme publie à la place de chiffres qu’il ne divulgue pas, E désigne un exportateur net{ $unstated ->
    [0] {""}
   *[other] , W une valeur non divulguée et NA une valeur non disponible
}, et une case vide n’a pas de chiffre. À droite des cases (au-dessus sur un téléphone) : part du Canada dans les importations américaines, de { $start } à { $end } au total. « Non nommé » signifie que le Canada ne figure pas parmi les sources énumérées, et non que sa part est nulle. Une forme par minéral : palladium pour le groupe du platine, métal pour le magnésium, le silicium et le titane; pour le nickel, la part du Canada porte sur le métal de première fusion. L’uranium n’est pas couvert.
fig-us-reliance-alt = Carte de chaleur par minéral et par année (minéraux : { $count }), avec la part du Canada dans les importations américaines en barres. Dépendance totale en { $year } : { $full ->
    [0] aucun
   *[other] { $full }
}. Minéraux pour lesquels le Canada figure parmi les sources nommées : { $named ->
    [0] aucun.
   *[other] { $named }; parts les plus élevées : { $largest }.
}

fig-china-shares-title = Les chiffres les plus récents { $up ->
    [0] ne placent la part de la Chine au-dessus de celle de la présentation de { $deck } pour aucun minéral
    [one] placent la part de la Chine au-dessus de celle de la présentation de { $deck } pour { $up } minéral
   *[other] placent la part de la Chine au-dessus de celle de la présentation de { $deck } pour { $up } minéraux
} sur { $count }, mais les étapes peuvent différer.
fig-china-shares-title-none = Les parts récentes de la Chine n’étaient pas encore publiques à cette date.
fig-china-shares-caption = La présentation de { $deck } ne précise ni l’étape ni l’année. Les parts récentes sont calculées : quantité de la Chine rapportée au total mondial publié par la Commission géologique des États-Unis, à l’étape et pour l’année indiquées. Un écart entre les deux peut tenir à une autre étape autant qu’à un changement.
fig-china-shares-alt = Diagramme à points, minéraux : { $count }. Deux points chacun : la part dans la présentation de { $deck } et la plus récente. Part récente la plus élevée : { $highest }, { $highest-share }; la plus faible : { $lowest }, { $lowest-share }.

fig-concentration-title = L’offre mondiale { $high ->
    [0] n’est très concentrée pour aucun produit
    [one] est très concentrée pour { $high } produit
   *[other] est très concentrée pour { $high } produits
} sur { $count }; la Chine { $china ->
    [0] n’est le premier producteur d’aucun d’entre eux
   *[other] est le premier producteur de { $china } d’entre eux
}.
fig-concentration-title-none = La production mondiale par pays n’était pas encore publique à cette date.
fig-concentration-caption =
    Parts du total mondial publié en { $year }, à l’étape indiquée, pour les minéraux de la liste canadienne; le nombre dans la barre est la part du premier producteur. Pour { $beyond } { $beyond ->
        [one] produit
       *[other] produits
    } sur { $count }, les pays dépassent ce total, qui est arrondi; les parts se rapportent alors à leur somme. L’indice de Herfindahl-Hirschman est la somme des parts au carré ({ $most } : un seul producteur); le trait (page large) montre où il pourrait se situer, compte tenu des arrondis et de la production non nommée. En tirets : { $threshold }, seuil d’une forte concentration selon les lignes directrices américaines sur les fusions; un produit n’est compté comme très concentré que si tout le trait se trouve au-delà.{ $partial ->
        [0] {""}
       *[other] {" "}* Parts de la production mondiale, sauf { $without }, dont la production, confidentielle, est exclue du total : aucune limite supérieure de l’indice n’est connue.
    }
fig-concentration-alt = Barres empilées des parts des trois principaux producteurs et indice de concentration, du produit le plus concentré au moins concentré; produits : { $count }. Indice le plus élevé : { $first } ({ $first-hhi }{ $firsts ->
    [one] ); premier producteur : { $first-country }, { $first-share }
   *[other] {" "}chacun)
}. Pour la moitié des produits, la part des trois premiers atteint au moins { $median }. Produits dont le Canada est l’un des trois premiers producteurs : { $canada }.

tbl-us-reliance-title = Dépendance nette des États-Unis aux importations et place du Canada dans celles-ci.
tbl-us-reliance-caption = Dépendance en { $year }; importations de { $start } à { $end } au total; minéraux de la liste canadienne. > et < sont des valeurs limites, E désigne un exportateur net{ $unstated ->
    [0] {""}
   *[other] , W une valeur non divulguée et NA une valeur non disponible
}; un tiret signifie que le Canada ne figure pas parmi les sources nommées et, si la première source porte aussi un tiret, qu’aucune n’est nommée. Pour le nickel, les importations sont celles du métal de première fusion.
tbl-us-reliance-caption-none = La dépendance nette des États-Unis aux importations et la place du Canada n’étaient pas encore publiques à cette date.

# Produits tels que les sources divisent les minéraux.
commodity-alumina = Alumine
commodity-aluminum = Aluminium
commodity-antimony = Antimoine
commodity-bauxite = Bauxite
commodity-bismuth = Bismuth
commodity-cesium = Césium
commodity-chromium = Chromite
commodity-cobalt = Cobalt
commodity-copper = Cuivre
commodity-ferrosilicon = Ferrosilicium
commodity-fluorspar = Fluorine
commodity-gallium = Gallium
commodity-graphite = Graphite naturel
commodity-helium = Hélium
commodity-ilmenite = Ilménite
commodity-ilmenite-and-rutile = Ilménite et rutile
commodity-indium = Indium
commodity-iron-ore = Minerai de fer
commodity-lithium = Lithium
commodity-magnesite = Magnésite
commodity-magnesium-metal = Magnésium-métal
commodity-manganese = Manganèse
commodity-molybdenum = Molybdène
commodity-nickel = Nickel
commodity-niobium = Niobium
commodity-palladium = Palladium
commodity-phosphate-rock = Phosphate naturel
commodity-platinum = Platine
commodity-platinum-group-metals = Métaux du groupe du platine
commodity-potash = Potasse
commodity-rare-earth-elements = Terres rares
commodity-rutile = Rutile
commodity-scandium = Scandium
commodity-silicon-metal = Silicium-métal
commodity-tantalum = Tantale
commodity-tellurium = Tellure
commodity-tin = Étain
commodity-titanium-sponge = Éponge de titane
commodity-tungsten = Tungstène
commodity-vanadium = Vanadium
commodity-yttrium = Yttrium
commodity-zinc = Zinc

# Ce qui est mesuré ou échangé.
form-all = Toutes formes
form-alloys = Alliages
form-alumina = Alumine
form-bauxite = Bauxite
form-blister-and-anodes = Cuivre blister et anodes
form-calcined-equivalent = Équivalent calciné
form-caustic-calcined-magnesia = Magnésie caustique
form-chemicals = Produits chimiques
form-chloride = Chlorure
form-compounds = Composés
form-compounds-and-metals = Composés et métaux
form-contained = Élément contenu
form-combined-with-scrap = Toutes formes, débris compris
form-crude-magnesite = Magnésite brute
form-crude-ore = Minerai brut
form-dead-burned-magnesia = Magnésie calcinée à mort et magnésie électrofondue
form-dioxide-pigment = Pigment de dioxyde de titane
form-dry-weight = Poids sec
form-erbium = Erbium, composés et métaux
form-ferroalloy = Ferroalliage
form-ferroalloy-and-metal = Ferroalliage et métal
form-ferrosilicon = Ferrosilicium
form-gas = Gaz
form-gas-from-storage = Gaz tiré du stockage
form-gas-from-wells = Gaz tiré des puits
form-gross-weight = Poids brut
form-holmium = Holmium, composés et métaux
form-hydroxide = Hydroxyde
form-low-purity-metal = Métal de faible pureté
form-lutetium = Lutécium, composés et métaux
form-matte-and-ash = Matte, cendres et précipités
form-metal = Métal
form-mineral-concentrates = Concentrés minéraux
form-natural-graphite = Graphite naturel
form-not-stated = Forme non précisée
form-ores-and-concentrates = Minerais et concentrés
form-oxide = Oxyde
form-oxide-content = Oxyde contenu
form-oxide-equivalent = Équivalent oxyde
form-palladium = Palladium
form-pentoxide = Pentoxyde de vanadium
form-platinum = Platine
form-primary = Métal de première fusion
form-pure-metal = Métal pur
form-recoverable-copper = Cuivre récupérable
form-recoverable-ore = Minerai récupérable
form-shipping-grade = Minerai de qualité marchande
form-refined = Métal affiné
form-scrap = Débris
form-sheet-and-powder = Feuilles, poudres et autres
form-silicomanganese = Silicomanganèse
form-silicon-metal = Silicium-métal
form-sponge-metal = Éponge métallique
form-stainless-steel = Acier inoxydable
form-sulfates = Sulfates
form-terbium = Terbium, composés et métaux
form-usable-ore = Minerai utilisable
form-ytterbium = Ytterbium, composés et métaux

# Étapes en un mot, quand la place manque.
short-stage-mine = mine
short-stage-refinery = affinerie
short-stage-smelter = fonderie
short-stage-plant = usine
short-stage-primary = primaire
short-stage-extraction = gaz naturel
short-stage-not-stated = étape non précisée

tbl-first-estimates-title = Production canadienne selon la première estimation de la Commission géologique des États-Unis, et un an plus tard.
tbl-first-estimates-caption = Production de { $year } : première estimation, dans l’édition de { $next }, et chiffre de l’édition de l’année suivante; les plus grands écarts d’abord. Les premières estimations sont le plus souvent arrondies à deux chiffres : de petits écarts ne veulent pas dire grand-chose. Un écart tient à de meilleurs renseignements, et non à une hausse ou à une baisse de la production.
tbl-first-estimates-caption-none = À cette date, aucune première estimation ne pouvait encore être comparée à une édition ultérieure.
