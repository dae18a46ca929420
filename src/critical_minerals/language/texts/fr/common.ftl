# Mots communs à toutes les parties du rapport.

yes = oui
no = non
words = { $text }
as-of = Chiffres en date du { $date }
year-old = { $year } (dernier chiffre relevé)
figure-data = Données de cette figure
figure-download = Télécharger ces lignes (CSV)
table-workbook = Tous les tableaux ({ $format })
figure-sources =
    { $count ->
        [one] Source :
       *[other] Sources :
    }
figure-sources-more =
    { $count ->
        [1] et un autre organisme.
        [one] et { $count } autre organisme.
       *[other] et { $count } autres organismes.
    }
# $count (Number) - from 2: là où il y en a plusieurs
figure-sources-all = Les { $count } sources
source-read-at = { $publisher }, document lu sur { $place }
source-undated = sans date

# Précision d’un chiffre publié.
precision-exact = exact
precision-rounded = arrondi
precision-about = environ
precision-nearly = près de
precision-more-than = plus de
precision-up-to = jusqu’à
precision-less-than = moins de

# Ce qui empêche un chiffre d’être une simple valeur.
qualifier-withheld = non divulgué
qualifier-suppressed = supprimé pour raisons de confidentialité
qualifier-not-available = non disponible
qualifier-net-exporter = exportateur net
qualifier-more-than = plus de
qualifier-less-than = moins de
qualifier-range = fourchette
qualifier-estimated = estimation
qualifier-preliminary = provisoire
qualifier-zero = zéro

# Étapes de la chaîne d’approvisionnement.
stage-mine = production minière
stage-smelter = production de fonderie
stage-refinery = production d’affinerie
stage-plant = production d’usine
stage-primary = production primaire
stage-all = toutes les étapes

# Titres de colonnes communs à plusieurs tableaux.
column-mineral = Minéral
column-minerals = Minéraux
column-country = Pays
column-province = Province ou territoire
column-programme = Programme
column-year = Année
column-share-pct = Part (%)

# La liste des sources.
tier-official = officiel
tier-republished = officiel, lu dans une copie
tier-reported = indirect
tier-secondary = à confirmer
tier-own = propre au présent rapport
tbl-sources-title = Documents sur lesquels s’appuie le rapport.
tbl-sources-caption = { $count } { $count ->
    [one] document et son statut
   *[other] documents et leur statut
} : officiel, officiel mais lu dans une copie, indirect (rapporté par des tiers), à confirmer ou propre au présent rapport.

# Le glossaire.
glossary-term = Terme
glossary-symbol = Symbole ou sigle
glossary-other-language = En anglais
glossary-meaning = De quoi il s’agit
glossary-group-base-metals = métal commun
glossary-group-battery-metals = minéral pour batteries
glossary-group-energy-minerals = minéral énergétique
glossary-group-gases = gaz
glossary-group-industrial-minerals = minéral industriel
glossary-group-light-metals = métal léger
glossary-group-precious-metals = métal précieux
glossary-group-rare-earths = élément des terres rares
glossary-group-specialty-metals = métal de spécialité
glossary-group-steel-metals = métal pour l’acier
glossary-unit-currency = monnaie
glossary-unit-mass = unité de masse
glossary-unit-mass-rate = débit massique
glossary-unit-volume = unité de volume
glossary-kind-body = organisation, lieu ou instance
glossary-kind-concept = mesure ou notion
glossary-kind-code = code ou format de fichier
glossary-kind-programme = programme ou prêteur
tbl-glossary-title = Mots de ce rapport.
tbl-glossary-caption = { $minerals ->
    [one] { $minerals } minéral
   *[other] Les { $minerals } minéraux
} de la liste canadienne, { $units } { $units ->
    [one] unité de mesure
   *[other] unités de mesure
} et { $acronyms } { $acronyms ->
    [one] sigle
   *[other] sigles
}.

points = { $number } { $number ->
    [one] point
   *[other] points
}

# Les classeurs des tableaux.
workbook-cover = Couverture
workbook-contents = Table des matières
workbook-notes = Notes
workbook-sources = Sources
workbook-about = Tableaux de l’annexe, chacun dans sa propre feuille. La table des matières y mène.
workbook-licence = Les chiffres restent soumis aux conditions de leurs éditeurs, énumérées dans la feuille « Sources ».
workbook-note-empty = « – » signifie que la source ne donne aucun chiffre.
workbook-note-numbers = Les nombres ne sont pas arrondis au-delà de ce qu’indique la source; une cellule peut afficher moins de décimales qu’elle n’en contient. Les mots comme « environ », « jusqu’à » ou « non divulgué » figurent là où la source ne donne pas de simple nombre.
workbook-note-trail = L’annexe et le fichier lineage.json, à côté de celui-ci, indiquent l’origine de chaque nombre, jusqu’à la ligne du tableau brut.
workbook-column-sheet = Feuille
workbook-column-title = Titre
workbook-column-publisher = Éditeur
workbook-column-published = Publication
workbook-column-tier = Statut
workbook-column-terms = Conditions
workbook-column-address = Adresse

# Les pages de l’annexe
contents-checks = Vérifications des chiffres
contents-changes = Tous les changements depuis la dernière version
contents-caption = Figures et tableaux de cette annexe, avec la page de chacun.
contents-name = Figure ou tableau
contents-title = Contenu
contents-page = Page
contents-fig = Figure { $number }
contents-tbl = Tableau { $number }
