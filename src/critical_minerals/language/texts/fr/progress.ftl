# Progrès : indicateurs, grands projets, mines et projets, chaîne des terres rares, exploration.

progress-ree-row = { $country } : { $cells }.
progress-span = { $start } à { $end }
progress-nearly-half = près de la moitié
progress-about-half = environ la moitié

# Figure : grands projets
fig-major-projects-title = Les projets de ressources naturelles en cours ou prévus valaient { $value } en { $year }, et les minéraux critiques comptent pour { $share } de la valeur des projets miniers prévus.
fig-major-projects-title-part = Les minéraux critiques sont à l’origine de { $critical } { $mining ->
    [one] sur { $mining } projet minier
   *[other] des { $mining } projets miniers
} en cours ou { $mining ->
    [one] prévu
   *[other] prévus
}.
fig-major-projects-title-none = Aucun inventaire de grands projets n’était public à la date du rapport.
fig-major-projects-caption = En haut : tous les projets d’énergie, de forêt et de mines de l’inventaire fédéral, par année. En bas : les projets miniers seulement, répartis entre ceux qui visent des minéraux critiques et les autres; les deux parts donnent ensemble le total de la source. Lorsqu’une source parle d’« environ la moitié », la barre est tracée à la moitié. Les inventaires n’ont ni la même portée ni la même date : les barres du haut et du bas ne se comparent pas.
fig-major-projects-caption-part = Projets miniers seulement, ceux des minéraux critiques d’une part et les autres d’autre part; les deux parts forment ce que la source indique.
fig-major-projects-alt = Deux rangées de diagrammes à barres. En haut, le nombre et la valeur en capital de tous les projets de ressources naturelles par année : { $first } { $first ->
    [one] projet
   *[other] projets
} valant { $firstvalue } en { $firstyear }, { $last } { $last ->
    [one] projet
   *[other] projets
} valant { $lastvalue } en { $lastyear }. En bas, les projets miniers en deux parts : les minéraux critiques comptent pour { $reported ->
    [0] {""}
   *[other] { $critical } sur { $mining } { $mining ->
        [one] projet
       *[other] projets
    } d’un inventaire, et pour{" "}
}{ $criticalvalue } sur { $miningvalue } des projets prévus.
fig-major-projects-alt-part = Diagramme à barres de { $mining } { $mining ->
    [one] projet minier
   *[other] projets miniers
} en cours ou { $mining ->
    [one] prévu
   *[other] prévus
}, dont { $critical } pour des minéraux critiques, d’une valeur de { $criticalvalue }.
fig-major-projects-alt-none = Diagramme vide : aucun inventaire n’était public à la date du rapport.
panel-all-projects = Toutes les ressources naturelles : projets
panel-all-capital-value = Toutes les ressources : milliards { $dollars }
panel-mining-projects = Mines : projets
panel-mining-capital-value = Mines : milliards { $dollars }
panel-no-total = total non précisé
inventory-mpi-2023 = Inventaire de 2023
inventory-mpi-2024 = Inventaire de 2024
inventory-planned-2034 = Prévus d’ici 2034
coverage-critical-minerals = Minéraux critiques
coverage-other-mining = Autres mines
coverage-mining = Toutes les mines
coverage-all-natural-resources = Toutes les ressources naturelles
coverage-minerals-and-metals = Minéraux et métaux
coverage-lithium = Lithium
coverage-exploration = Exploration
coverage-prices = Prix
coverage-companies = Sociétés
coverage-net-import-reliance = Dépendance nette aux importations
coverage-canada-us = Canada et États-Unis
coverage-china = Chine
coverage-lists = Listes de minéraux critiques
project-measure-projects = Projets
project-measure-capital-value = Valeur en capital
project-measure-capital-value-change = Variation de la valeur en capital
project-measure-added = Projets ajoutés
project-measure-completed = Projets achevés
project-measure-gone-inactive = Projets devenus inactifs
project-measure-share-of-projects = Part des projets

# Figure : carte des mines et des projets
# $total (Number) - from 2: deux minéraux au moins; $count (Number) - from 2: deux minéraux au moins
fig-projects-map-title = Sur les { $total } mines, usines et projets de cette carte, { $count } relèvent de deux minéraux ({ $first } et { $second }).
fig-projects-map-title-few = { $total ->
    [1] Un seul site, mine ou projet, figure sur cette carte.
    [one] { $total } mine, usine ou projet figure sur cette carte.
   *[other] { $total } mines, usines et projets figurent sur cette carte.
}
fig-projects-map-title-none = Aucune liste de mines ou de projets n’était publique à la date du rapport.
fig-projects-map-caption = Les marques pleines sont en exploitation, les marques creuses sont prévues ou en construction; les carrés sont des usines de concentration. Chaque site figure sous le premier minéral d’intérêt qu’il produit, bien que la plupart en produisent plusieurs. Les sources lues ne couvrent qu’une partie des mines du Canada. L’emplacement des projets prévus est approximatif; les marques trop serrées sont déplacées et reliées à leur lieu par un trait. Contours : Natural Earth.
fig-projects-map-alt = Carte du Canada avec { $total } { $total ->
    [one] marque numérotée
   *[other] marques numérotées
} et la liste de leurs noms : { $operating } { $operating ->
    [one] mine ou usine
   *[other] mines et usines
} en exploitation et { $planned } { $planned ->
    [one] projet
   *[other] projets
}. La plupart se trouvent dans ces provinces : { $provinces }. Sites par minéral : { $first } { $firstcount }, { $second } { $secondcount }.
fig-projects-map-alt-few = Carte du Canada avec { $total } { $total ->
    [one] marque numérotée et son nom
   *[other] marques numérotées et la liste de leurs noms
}.
sites-other = Autres minéraux
sites-key-operating = en exploitation
sites-key-planned = prévu ou en construction
sites-key-mill = usine de concentration
sites-unplaced = Hors carte
site-kind-mine = Mine
site-kind-mill = Usine de concentration
site-kind-processing = Usine de transformation
site-kind-infrastructure = Infrastructure habilitante
site-status-operating = En exploitation
site-status-planned = Prévu
site-status-under-construction = En construction

# Figure : chaîne de valeur des terres rares
# $all (Number) - from 2: une chaîne a plusieurs étapes; $steps (Number) - from 2: de même
fig-ree-chain-title =
    { $age ->
        [old] En { $year }, un pays ({ $leader }) couvrait
       *[new] { $tied ->
            [one] Un pays ({ $leader }) couvre
           *[other] Plusieurs pays ({ $leader }) couvrent chacun
        }
    } { $whole ->
        [yes] les { $all } étapes
       *[no] { $steps } des { $all } étapes
    } qui mènent du minerai de terres rares au produit fini.{ $since ->
        [0] { $open ->
            [0] {""}
           *[other] {" "}Pour le Canada, des sources voient un potentiel ({ $openings }).
        }
       *[other] {" "}Pour le Canada, des sources plus récentes ajoutent une capacité ({ $made }){ $open ->
            [0] .
           *[other] ; des sources voient aussi un potentiel ailleurs ({ $openings }).
        }
    }
fig-ree-chain-title-none = Aucun portrait de la chaîne de valeur des terres rares n’était public à la date du rapport.
fig-ree-chain-caption = Capacités décrites dans une présentation de Ressources naturelles Canada du début de 2020 et réparties ici étape par étape; chaque case porte l’année de sa source, et les plus récentes remplacent la présentation. « En aval » se lit ici comme les composants et les fabricants, avec les aimants en partie. « Non précisé » signifie que les sources lues n’en disent rien, et non qu’il n’y a rien.
fig-ree-chain-alt = Matrice de { $countries ->
    [one] { $countries } pays ou bloc
   *[other] { $countries } pays ou blocs
} selon { $all } { $all ->
    [one] étape
   *[other] étapes
}, chaque case portant un mot. { $rows } Toutes les autres cases sont non précisées.
step-mining = Extraction
step-separation = Séparation
step-metal = Métal
step-alloy = Alliage
step-magnet = Aimant
step-component = Composant
step-oem = Fabricant
capability-established = établie
capability-partial = partielle
capability-potential = potentielle
capability-none = aucune
capability-not-stated = non précisé

ree-canada-since = Dès { $year }, toutefois, le Saskatchewan Research Council produisait du métal de terres rares à l’échelle commerciale.
ree-canada-none = On ne connaissait aucune usine canadienne qui en produise.
bill-told =
    ont été proposées en { $year } et { $stage ->
        [proposed] attendaient encore leur adoption en { $month }
        [passed] auraient été adoptées, sans être encore en vigueur
       *[in-force] sont en vigueur
    }
bill-stage-proposed = proposée
bill-stage-passed = adoptée, pas en vigueur
bill-stage-in-force = en vigueur
coverage-all-sectors = Tous les secteurs

# Figure : dépenses d’exploration
fig-exploration-title = Les dépenses d’exploration ont atteint { $last } en { $year }, soit { $change } de plus qu’en { $before }.
fig-exploration-title-level = Les dépenses d’exploration se sont chiffrées à { $last } en { $year }, à peu près comme en { $before }.
fig-exploration-title-down = Les dépenses d’exploration ont reculé à { $last } en { $year }, soit { $change } de moins qu’en { $before }.
fig-exploration-title-intended = Les sociétés prévoyaient consacrer { $last } à l’exploration en { $year }, un changement de { $change } par rapport à { $before }.
fig-exploration-title-one = Les dépenses d’exploration étaient de { $last } en { $year }.
fig-exploration-title-none = Aucun chiffre sur les dépenses d’exploration n’était public à la date du rapport.
fig-exploration-caption = Dépenses d’exploration et de mise en valeur de gisements au Canada; les barres étroites montrent la part des métaux communs. Une barre en tirets est calculée à partir du montant et de la part publiés des métaux communs, faute de total dans les sources lues. Les traits montrent ce qui a d’abord été publié : une première estimation ou les intentions des sociétés.
fig-exploration-alt = Diagramme à barres par année. Les dépenses d’exploration passent de { $first } en { $firstyear } à { $last } en { $year }; les métaux communs atteignent { $base } en { $baseyear }. { $revised ->
    [one] { $revised } chiffre avait d’abord été publié à un autre niveau.
   *[other] { $revised } chiffres avaient d’abord été publiés à un autre niveau.
}
fig-exploration-alt-none = Diagramme vide : aucun chiffre n’était public à la date du rapport.
axis-exploration = Milliards { $dollars }
axis-year = Année
exploration-category-total = total
exploration-category-base-metals = métaux communs
exploration-category-precious-metals = métaux précieux
spending-basis-actual = dépensé
spending-basis-preliminary = 1re estimation
spending-basis-intentions = intentions
spending-basis-computed = calculé

# Tableau : projets prévus
tbl-planned-projects-title = Projets prévus, proposés ou en construction.
tbl-planned-projects-caption = Les coûts sont ceux de l’inventaire fédéral ou, à défaut, de l’étude ou de la déclaration du promoteur, aux prix de l’année, sans ajustement; ce qui était exprimé dans une autre monnaie est converti au taux annuel moyen.

# Colonnes
column-inventory = Inventaire
column-coverage = Portée
column-exploration-category = Substance recherchée
column-spending-basis = Base
column-site = Site
column-site-status = État
column-company = Société
column-step = Étape
column-capability = Capacité

list-changes = { $more ->
    [0] { $less ->
        [0] Elle nomme les mêmes minéraux que celle de { $year }.
       *[other] De la liste de { $year }, elle ne nomme plus : { $gone }.
     }
   *[other] Elle ajoute à la liste de { $year } les minéraux suivants : { $added }{ $less ->
        [0] .
       *[other] {" "}(retraits : { $gone }).
     }
 }
