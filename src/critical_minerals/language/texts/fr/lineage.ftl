# D’où vient chaque chiffre : notes de source, lignes sous les figures, signes.

# Signes des chiffres : un mot ou deux pour qui écoute la page.
mark-reported = source non officielle
mark-estimated = avec estimations ou valeurs limites
mark-revised = révisé, auparavant { $old }
reliability-republished-all = Selon des chiffres officiels lus dans une copie.
reliability-republished-part =
    { $count ->
        [one] En partie selon des chiffres officiels lus dans une copie ({ $count } ligne sur { $rows }).
       *[other] En partie selon des chiffres officiels lus dans une copie ({ $count } lignes sur { $rows }).
    }
reliability-reported-all = Selon des sources indirectes.
reliability-reported-part =
    { $count ->
        [one] En partie selon des sources indirectes ({ $count } ligne sur { $rows }).
       *[other] En partie selon des sources indirectes ({ $count } lignes sur { $rows }).
    }
reliability-secondary-all = Selon des sources à confirmer.
reliability-secondary-part =
    { $count ->
        [one] En partie selon des sources à confirmer ({ $count } ligne sur { $rows }).
       *[other] En partie selon des sources à confirmer ({ $count } lignes sur { $rows }).
    }
reliability-includes = Comprend { $kinds }.
reliability-estimated = des estimations
reliability-preliminary = des données provisoires
reliability-bounded = des valeurs limites (comme « jusqu’à » ou « environ »)
reliability-withheld = des données non divulguées
reliability-corrected =
    { $count ->
        [1] Une ligne corrigée d’après un autre document.
        [one] { $count } ligne corrigée d’après un autre document.
       *[other] { $count } lignes corrigées d’après un autre document.
    }
reliability-revised = Révisé : { $now }; la dernière version indiquait { $old }.

# Où se trouvent les lignes.
lineage-rows-many = { $count } { $count ->
    [one] ligne
   *[other] lignes
}, de { $first } à { $last }
lineage-rows-inside =
    { $count ->
        [1] une ligne de ses fichiers
        [one] { $count } ligne de ses fichiers
       *[other] { $count } lignes de ses fichiers
    }
lineage-rows =
    { $count ->
        [one] ligne { $rows }
       *[other] lignes { $rows }
    }
lineage-cell = carnet { $notebook }, cellule { $cell }
lineage-public = rendu public le { $date }
lineage-public-span = rendus publics du { $first } au { $last }
lineage-files =
    { $count ->
        [1] Ligne brute :
        [one] { $count } ligne brute :
       *[other] { $count } lignes brutes :
    }
lineage-tables = Données :
lineage-notebook = Produit dans :
lineage-sources =
    { $count ->
        [one] Source :
       *[other] Sources :
    }
lineage-in-fig = Figure
lineage-in-tbl = Tableau
lineage-in-update-fig = Figure { $number } du bilan
lineage-in-update-tbl = Tableau { $number } du bilan
lineage-more = Provenance : fichiers, carnet et lignes brutes

# Notes.
note-of = Provenance de { $value }
note-numbered = Note { $number }
note-described =
    { $count ->
        [one] Note de source { $number } : { $publisher }, { $year }
       *[other] Note de source { $number } : { $publisher }, { $year }, et autres
    }
note-in-annex = Note { $number } de l’annexe
note-close = Fermer
note-source =
    { $count ->
        [one] Source
       *[other] Sources
    }
# $count (Number) - from 2: là où il y en a plusieurs
note-all-sources = Les { $count } sources
note-place = endroit dans la source
note-raw =
    { $count ->
        [one] Donnée brute
       *[other] Données brutes
    }
note-table = Tableau
note-notebook = Carnet
note-script = Script qui y arrive
note-marks = Signes
note-remark = remarque (en anglais)
note-used = Retour à :
note-record = chaque ligne et son endroit, dans lineage.json
note-listed = dans la liste des sources

# Ce qui a été tiré de chaque source.
sources-column-document = Document
sources-column-from = Organisme et date
sources-column-reliability = Statut et conditions
sources-column-taken = Ce qui en est tiré
taken-figures =
    { $count ->
        [one] figure
       *[other] figures
    }
taken-tables =
    { $count ->
        [one] tableau
       *[other] tableaux
    }
taken-figures-update =
    { $count ->
        [one] figure
       *[other] figures
    }
taken-tables-update =
    { $count ->
        [one] tableau
       *[other] tableaux
    }
taken-notes =
    { $count ->
        [one] note
       *[other] notes
    }
taken-rows =
    { $count ->
        [1] une ligne
        [one] { $count } ligne
       *[other] { $count } lignes
    }
taken-of-update = du bilan
taken-words = mots du glossaire
taken-cited = citée dans le texte

# Carnets exécutés, en pages.
notebook-title = Carnet { $name }
notebook-previous = Précédent : { $name }
notebook-next = Suivant : { $name }
notebook-other-edition = Report in English
notebook-parameters = Paramètres de cette exécution
notebook-cell = Cellule { $cell }
notebook-published = Publié :
notebook-output = Résultat de la cellule { $cell }
