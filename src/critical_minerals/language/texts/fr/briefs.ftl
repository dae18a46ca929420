# Fiches : deux pages sur un minéral ou un partenaire.

brief-kind = Fiche sur les minéraux critiques
brief-others = tous les autres
brief-unit-plain-t = tonnes
brief-unit-thousand-t = milliers de tonnes
brief-unit-million-t = millions de tonnes
brief-unit-plain-m3 = mètres cubes
brief-unit-thousand-m3 = milliers de mètres cubes
brief-unit-million-m3 = millions de mètres cubes
brief-cubic-metres = { $number } { $number ->
    [one] million de m³
   *[other] millions de m³
}
brief-million-tonnes = { $number } { $number ->
    [one] million de t
   *[other] millions de t
}
brief-note-estimated = , estimation
brief-note-preliminary = , chiffre provisoire
brief-note-firm = {""}

# Le minéral
brief-standing =
    { $on ->
        [yes] Ce minéral figure sur la liste canadienne des minéraux critiques depuis { $since }
       *[no] Ce minéral ne figure pas sur la liste canadienne des minéraux critiques à cette date
    }{ $priority ->
        [yes] , parmi les six premières priorités de la Stratégie
       *[no] {""}
    }{ $us ->
        [yes] . Il figure sur la liste des États-Unis de { $usyear }.
        [unknown] .
       *[no] . Il ne figure pas sur la liste des États-Unis de { $usyear }.
    }
brief-uses = Principales utilisations : { $uses }.

brief-card-output = { $stage } au Canada en { $year }{ $note }
brief-card-output-share = { $stage } au Canada en { $year }{ $note } : { $share } du total mondial{ $without }
brief-stage-mine = extraction minière
brief-stage-smelter = production des fonderies
brief-stage-refinery = production des affineries
brief-stage-plant = production des usines
brief-stage-primary = production primaire
brief-stage-extraction = extraction
brief-stage-not-stated = production
brief-card-top = part mondiale du premier producteur ({ $stage }, { $year }){ $without } : { $country }
brief-card-reliance = dépendance nette des États-Unis aux importations en { $year }
brief-card-reliance-exporter = position des États-Unis en { $year }
brief-net-exporter = exportateur net
brief-bound = { $sign }{ $level }
brief-card-us = part du Canada dans les importations des États-Unis, de { $start } à { $end }
brief-card-exports = exportations, de { $first } à { $last }
brief-card-awards =
    { $count ->
        [1] selon l’aide fédérale qui le nomme
        [one] selon { $count } aide fédérale qui le nomme
       *[other] au total des { $count } aides fédérales qui le nomment
    }

brief-output =
    { $years ->
        [one] La production canadienne s’est établie à { $last } en { $year }{ $note }.
       *[other] La production canadienne { $trend ->
            [up] est passée de { $first } en { $start } à { $last }
            [down] a reculé de { $first } en { $start } à { $last }
           *[level] est restée à { $last }
        } en { $year }{ $note }.
    }
brief-output-zero = L’organisme donne une production canadienne nulle en { $year }.
brief-sites =
    { $count ->
        [0] {""}
        [1] Une mine ou un projet recensé le nomme; { $running ->
            [0] le site n’est pas en exploitation.
           *[other] le site est en exploitation.
        }
        [one] { $count } mine, usine ou projet recensé le nomme, dont { $running } en exploitation.
       *[other] { $count } mines, usines et projets recensés le nomment, dont { $running } en exploitation.
    }
brief-trade = Les exportations des produits retenus ont atteint { $exports } et les importations, { $imports }, de { $first } à { $last } au total.

fig-output-title = Production au Canada, de { $start } à { $year }.
fig-output-caption = { $commodity }, { $form }. En teinte atténuée : estimations et chiffres provisoires.
fig-output-alt = Diagramme à colonnes de la production canadienne par année ({ $commodity }) : { $list }.
fig-destinations-title = La première destination ({ $first }) a reçu { $share } des exportations en { $year }.
fig-destinations-caption = Exportations nationales, sans les réexportations, par destination : { $commodity }.
fig-destinations-alt = Diagramme à barres des exportations nationales par destination en { $year }, soit { $total } au total : { $list }.
fig-flows-title =
    { $more ->
        [yes] Le Canada exporte plus qu’il n’importe.
       *[no] Le Canada importe plus qu’il n’exporte.
    }
fig-flows-caption = Valeur des produits retenus, de { $first } à { $last } : plus d’une année.
fig-flows-alt = Diagramme à deux barres, de { $first } à { $last } : exportations, { $exports }; importations, { $imports }.
fig-producers-title = { $tied ->
    [one] Le premier producteur ({ $country }) assure { $share }
   *[other] Les premiers producteurs ({ $country }) assurent chacun { $share }
} de la production mondiale{ $without }, et le Canada, { $canada }.
fig-producers-title-canada = Le Canada est le premier producteur, avec { $share } du total mondial{ $without }.
fig-producers-title-none = { $tied ->
    [one] Le premier producteur ({ $country }) assure { $share }
   *[other] Les premiers producteurs ({ $country }) assurent chacun { $share }
} de la production mondiale{ $without }; le Canada n’est pas nommé.
fig-producers-caption = { $commodity }, { $stage }, { $year } : parts du total mondial publié et arrondi{ $without }.
fig-producers-alt = Diagramme à barres des parts de la production mondiale en { $year } ({ $commodity }) : { $list }.
fig-us-sources-title = Le Canada fournit { $share } des importations des États-Unis, de { $start } à { $end }.
fig-us-sources-title-none = Le Canada n’est pas nommé parmi les sources des importations des États-Unis, de { $start } à { $end }.
fig-us-sources-caption = Parts des importations des États-Unis sur quatre ans au total; { $form }.
fig-us-sources-alt = Diagramme à barres des sources des importations des États-Unis, de { $start } à { $end } : { $list }.

brief-supply = Les trois premiers producteurs assurent { $three } de la production mondiale{ $without }. L’indice de concentration est de { $index }; au-delà de { $threshold }, on parle d’une offre fortement concentrée.
brief-supply-other = { $commodity } ({ $stage }) : { $tied ->
        [one] le premier producteur ({ $country }) assure { $share }
       *[other] les premiers producteurs ({ $country }) assurent chacun { $share }
    } du total{ $known ->
        [yes] , et le Canada, { $canada }
       *[no] {""}
    }.
brief-without = {" "}(sauf { $countries }, dont la production est confidentielle)
brief-reserves = Les réserves du Canada sont de { $quantity }{ $known ->
        [yes] , soit { $share } du total mondial
       *[no] {""}
    } ({ $year }).
brief-reliance = En { $year }, les importations nettes couvraient { $reliance } des besoins des États-Unis.
brief-reliance-more = En { $year }, les importations nettes couvraient plus de { $reliance } des besoins des États-Unis; l’organisme ne publie que cette valeur limite.
brief-reliance-less = En { $year }, les importations nettes couvraient moins de { $reliance } des besoins des États-Unis; l’organisme ne publie que cette valeur limite.
brief-reliance-exporter = En { $year }, les États-Unis étaient exportateurs nets.

brief-awards =
    { $count ->
        [0] {""}
        [1] Une aide fédérale dont le montant est publié le nomme : { $total }.
        [one] { $count } aide fédérale dont le montant est publié le nomme : { $total }.
       *[other] { $count } aides fédérales dont le montant est publié le nomment (total : { $total }){ $shared ->
            [0] .
            [all] . Toutes nomment aussi d’autres minéraux et comptent en entier.
            [1] . L’une d’elles nomme aussi d’autres minéraux et compte en entier.
           *[other] . { $shared } d’entre elles nomment aussi d’autres minéraux et comptent en entier.
        }
    }
# $count (Number) - from 2: les plus importantes, s’il y en a d’autres
tbl-brief-awards-title = { $more ->
        [0] Aides fédérales qui le nomment.
       *[other] Les plus importantes des { $count } aides fédérales qui le nomment.
    }
tbl-brief-awards-caption = Montants annoncés; tous ne sont pas versés.
tbl-brief-sites-title = { $more ->
        [0] Mines, usines et projets qui le nomment.
       *[other] Mines, usines et projets : { $shown } sur { $count }.
    }
tbl-brief-sites-caption = D’abord les sites dont c’est le premier minéral, puis ceux en exploitation.
tbl-brief-agreements-title = Ententes qui le nomment, ententes d’achat comprises.
tbl-brief-agreements-caption = Un partenariat qui ne nomme aucun minéral ne figure pas ici.
brief-tax = Nommé dans une mesure fiscale : { $list }.

# Ce qui n’est pas dans les tables de ce rapport, minéraux
gap-uses = Aucun document consulté ne dit à quoi il sert.
gap-output = La production canadienne n’est pas dans les tables de ce rapport.
gap-output-canada = Le Canada n’est pas nommé parmi les producteurs, ce qui ne veut pas dire que sa production soit nulle.
gap-world = La production mondiale par pays n’est pas dans les tables de ce rapport.
gap-reserves-canada = Les réserves canadiennes ne sont pas dans les tables de ce rapport.
gap-trade = Exportations et importations ne sont pas comparables : ses codes tarifaires visent aussi d’autres produits, ou n’ont pas tous été lus dans les deux sens.
gap-destinations = Les exportations par destination ne sont pas dans les tableaux consultés.
gap-reliance = La Commission géologique des États-Unis ne publie pas la dépendance nette aux importations.
gap-us-sources = Les sources des importations des États-Unis ne sont pas publiées.
gap-sites = Aucune mine et aucun projet recensés ne le nomment.
gap-awards = Aucune aide fédérale dont le montant est publié ne le nomme.
gap-agreements = Aucune entente ne le nomme.
# $count (Number) - alike: pays ne change pas au pluriel
gap-withheld =
    { $count ->
        [1] La production n’est pas divulguée pour un pays : { $places }.
       *[other] La production n’est pas divulguée pour { $count } pays : { $places }.
    }
gap-consumption = La consommation canadienne n’est pas dans les tables de ce rapport.

# Le partenaire
brief-partner-standing =
    Ententes bilatérales recensées avec le Canada : { $bilateral }. Groupes communs : { $groups }.
brief-alliance-standing = Forme : { $kind }. État : { $status }. { $known ->
        [yes] Date : { $date }.
       *[no] Date non publiée.
    }
brief-card-bilateral =
    { $count ->
        [one] entente bilatérale en cours
       *[other] ententes bilatérales en cours
    }
brief-card-groups =
    { $count ->
        [one] groupe de plusieurs pays partagé avec le Canada
       *[other] groupes de plusieurs pays partagés avec le Canada
    }
brief-card-members =
    { $count ->
        [one] pays ou bloc nommé outre le Canada
       *[other] pays et blocs nommés outre le Canada
    }
brief-card-members-stated =
    { $count ->
        [one] membre, selon la source
       *[other] membres, selon la source
    }
brief-card-tops =
    { $count ->
        [one] minéral de la liste canadienne dont il est l’un des trois premiers producteurs
       *[other] minéraux de la liste canadienne dont il est l’un des trois premiers producteurs
    }
brief-card-goods = exportations du Canada vers ce partenaire en { $year } ({ $read } { $read ->
    [one] produit dont les destinations sont connues
   *[other] produits dont les destinations sont connues
})
brief-card-contribution = contribution du Canada
tbl-brief-arrangements-title = Ententes avec le Canada.
tbl-brief-arrangements-caption = De la plus récente à la plus ancienne. Dates de signature ou de lancement, si elles sont publiées.
tbl-brief-commitments-title = Ce à quoi les membres disent vouloir travailler.
tbl-brief-commitments-caption = Dans nos mots, dans l’ordre de la source.
fig-roles-title = La part la plus élevée de la production mondiale est de { $share } ({ $mineral }).
fig-roles-title-alliance = La part la plus élevée des membres dans la production mondiale, sans le Canada, est de { $share } ({ $mineral }).
fig-roles-caption = Parts des totaux mondiaux publiés, année la plus récente, une étape par minéral de la liste canadienne; les huit plus élevées.
fig-roles-alt = Diagramme à barres des parts de la production mondiale par minéral : { $list }.
fig-goods-title = Le premier produit exporté vers ce partenaire est le suivant : { $commodity }.
fig-goods-caption = Exportations nationales, sans les réexportations, en { $year }. Produits dont les destinations sont connues : { $read }.
fig-goods-alt = Diagramme à barres des exportations nationales par produit en { $year } : { $list }.
fig-supplied-title = La part la plus élevée du Canada dans les importations est de { $share } ({ $mineral }).
fig-supplied-caption = Part du Canada dans les importations des États-Unis, de { $start } à { $end } au total, forme principale de chaque minéral; les huit plus élevées.
fig-supplied-alt = Diagramme à barres de la part du Canada dans les importations des États-Unis par minéral : { $list }.
brief-role-tops = Ce partenaire est parmi les trois premiers producteurs mondiaux de ces minéraux : { $minerals }.
brief-role-china = À titre de comparaison, la Chine est le premier producteur de { $count } { $count ->
    [one] minéral
   *[other] minéraux
} sur { $all } de la liste canadienne dont les chiffres par pays sont publiés.
brief-strategy = Stratégie au début de 2020, selon le groupe de travail canadien : { $strategy }. But : { $aim }.
brief-areas = Domaines de travail : { $list }.
brief-round = { $round }, { $date } : { $measures } { $measures ->
    [one] mesure
   *[other] mesures
} pour des projets d’une valeur de { $amount } (il ne s’agit pas de fonds publics).
brief-joint-money = { $recipient } reçoit { $amount } ({ $programme }).
brief-next-item = { $name } (entente { $status }{ $known ->
        [yes] , { $date })
       *[no] )
    }
brief-next = Ententes dont les résultats sont à venir : { $list }.
brief-members-list = Outre le Canada : { $places }.
brief-members-later = Adhésion ultérieure : { $places }.
brief-minerals-named = Minéraux nommés : { $minerals }.

gap-partner-bilateral = Aucune entente bilatérale sur les minéraux critiques n’a été trouvée.
gap-partner-dates =
    { $count ->
        [1] La date d’une entente n’est pas publiée.
        [one] La date de { $count } entente n’est pas publiée.
       *[other] Les dates de { $count } ententes ne sont pas publiées.
    }
gap-partner-binding = Aucune source ne dit si { $count ->
        [one] l’entente lie les parties
       *[other] les ententes lient les parties
    } en droit.
gap-partner-minerals = Aucune entente ne nomme les minéraux visés.
gap-partner-exports = Les exportations canadiennes de minéraux critiques vers ce partenaire ne sont pas dans les tableaux consultés.
gap-partner-imports = Les importations canadiennes par minéral en provenance de ce partenaire ne sont pas dans les tableaux consultés.
gap-partner-role = Ce partenaire n’est pas nommé parmi les producteurs dans les tableaux consultés.
gap-partner-money = Aucun projet financé en commun dont le montant est publié n’a été trouvé.
gap-partner-next = Aucune prochaine étape datée n’a été trouvée.
gap-partner-members = Les membres ne sont pas nommés dans les sources consultées.
gap-partner-commitments = Aucune liste d’engagements n’a été trouvée.

# L’index
index-title = Fiches sur les minéraux critiques
index-subtitle = Deux pages par minéral de la liste canadienne ou par partenaire, à l’écran et pour l’impression
index-search = Rechercher
index-search-hint = Nom ou symbole
index-found =
    { $count ->
        [one] { $count } fiche affichée
       *[other] { $count } fiches affichées
    }
index-minerals = Minéraux
index-countries = Pays et blocs partenaires
index-alliances = Alliances et forums
index-pdf = PDF
index-chart-both = Premier producteur, { $top }; Canada, { $canada }
index-chart-top = Premier producteur, { $top }; aucun chiffre pour le Canada
index-chart-none = La production mondiale par pays n’est pas dans les tables de ce rapport
index-chart-partner =
    { $count ->
        [one] { $count } entente ou groupe
       *[other] { $count } ententes et groupes
    }
index-legend = Barres : parts de la production mondiale, celle du premier producteur au-dessus de celle du Canada.
index-other-language = English version
index-all = Toutes les fiches
index-print = Version imprimable (PDF)
