# Pourquoi des lignes brutes n’entrent dans aucun tableau.
left-out-other-countries = Autres pays; seul le Canada compte ici. La production mondiale a son propre tableau.
left-out-no-claim = Aucune affirmation n’y est comparée; le carnet sur l’offre la présente.
left-out-older-release = Remplacées par une édition plus récente de la même série, reprise en entier.
left-out-not-described = Projets soumis qu’aucune source ne décrit encore : on ne sait ni ce qu’ils sont, ni où.

# Le rapport sur les vérifications.
checks-title = Vérifications
checks-subtitle = Ce qui a été vérifié à l’entrée et à la sortie de chaque étape, ce qui a échoué et ce qu’il est advenu de chaque ligne
checks-other-language = Version française
checks-summary = Sommaire
checks-passed =
    { $count ->
        [one] { $count } vérification dans { $steps } { $steps ->
                [one] étape
               *[other] étapes
            } : rien à signaler.
       *[other] { $count } vérifications dans { $steps } { $steps ->
                [one] étape
               *[other] étapes
            } : rien à signaler.
    }
checks-failed =
    { $failures ->
        [one] { $failures } erreur relevée par { $count } { $count ->
            [one] vérification
           *[other] vérifications
        } dans { $steps } { $steps ->
            [one] étape
           *[other] étapes
        }. Ce qui en dépend n’a pas été exécuté; le dernier rapport valable est intact.
       *[other] { $failures } erreurs relevées par { $count } { $count ->
            [one] vérification
           *[other] vérifications
        } dans { $steps } { $steps ->
            [one] étape
           *[other] étapes
        }. Ce qui en dépend n’a pas été exécuté; le dernier rapport valable est intact.
    }
checks-row-counts = { $read ->
    [one] Sur { $read } ligne lue
   *[other] Des { $read } lignes lues
} par les carnets, { $used ->
    [one] { $used } figure dans son tableau
   *[other] { $used } figurent dans leurs tableaux
} et { $left ->
    [one] { $left } est laissée de côté
   *[other] { $left } sont laissées de côté
} pour une raison énoncée.
checks-silent =
    { $count ->
        [one] L’étape suivante n’a pas été vérifiée, parce qu’une étape antérieure a échoué ou qu’elle n’a pas encore été exécutée : { $steps }.
       *[other] Les étapes suivantes n’ont pas été vérifiées, parce qu’une étape antérieure a échoué ou qu’elles n’ont pas encore été exécutées : { $steps }.
    }
checks-unused =
    { $count ->
        [1] Une valeur publiée ne figure dans aucun document, si bien que personne ne la lit : { $names }.
        [one] { $count } valeur publiée ne figure dans aucun document, si bien que personne ne la lit : { $names }.
       *[other] { $count } valeurs publiées ne figurent dans aucun document, si bien que personne ne les lit : { $names }.
    }
checks-stopped =
    { $count ->
        [one] L’étape suivante s’est arrêtée avant la fin et n’a pu être vérifiée en entier : { $steps }.
       *[other] Les étapes suivantes se sont arrêtées avant la fin et n’ont pu être vérifiées en entier : { $steps }.
    }
checks-failures = Ce qui a échoué
checks-failures-none = Aucun échec.
checks-step-raw = Chiffres bruts
checks-step-notebook = Carnet { $name }
checks-matrix = { $step } : étendue des vérifications, tableau par tableau
checks-place = Endroit
checks-row = Ligne
checks-column = Colonne
checks-value = Valeur trouvée
checks-expected = Valeur attendue
checks-remedy = Que faire
checks-table = Tableau
checks-end = Côté
checks-end-raw = entrée
checks-end-processed = sortie
checks-rows = Lignes
checks-step = Étape
checks-in-file = Dans le fichier
checks-later = Pas encore publiques
checks-superseded = Révisées depuis
checks-dropped = Retirées
checks-read = Lues
checks-used = Dans les tableaux
checks-left = Laissées de côté
checks-reason = Raison
checks-reasons = Lignes laissées de côté, et pourquoi
checks-rows-caption = Lignes à l’entrée et à la sortie
checks-was = Imprimé
checks-now = Corrigé
checks-evidence = Preuve
checks-corrections-caption = Corrections apportées
checks-corrections-none = Aucun chiffre n’a été corrigé.
checks-last-run = Par rapport à la dernière exécution réussie
checks-about-last-run = Chaque exécution compare ses tables à celles de la dernière exécution réussie, de la même date ou d’une date antérieure et avec les mêmes choix, s’il y en a une. Les grands écarts qui ont été confirmés figurent ici.
checks-confirmed-caption = Écarts confirmés
checks-confirmed-count =
    { $count ->
        [one] { $count } confirmé
       *[other] { $count } confirmés
    }
checks-faults =
    { $count ->
        [one] { $count } erreur
       *[other] { $count } erreurs
    }
checks-head-schema = Structure (colonnes)
checks-head-keys = Clés (colonnes)
checks-head-ranges = Valeurs limites (colonnes)
checks-head-units = Unités (colonnes)
checks-head-sums = Totaux (nombre)
checks-head-corrections = Corrections
checks-head-coverage = Couverture (lignes)
checks-head-magnitude = Ordre de grandeur (colonnes)
checks-kinds = Objet de chaque vérification
checks-kind-schema = Structure
checks-kind-keys = Clés
checks-kind-ranges = Valeurs limites
checks-kind-units = Unités
checks-kind-sums = Totaux
checks-kind-rows = Sort de chaque ligne
checks-kind-coverage = Couverture
checks-kind-magnitude = Ordre de grandeur
checks-kind-corrections = Corrections
checks-about-schema = Chaque colonne est présente, contient ce qu’elle doit contenir et ne nomme que ce que connaissent les listes de minéraux, de lieux, de programmes et de sources.
checks-about-keys = Aucune ligne ne figure deux fois; une révision a sa propre date.
checks-about-ranges = Chaque nombre se situe dans les limites de sa colonne : pas de montant négatif, pas de part supérieure à 100 %.
checks-about-units = Chaque colonne a une seule unité, que son nom indique; les unités sont connues, mesurent ce que la colonne contient et ne changent pas à l’intérieur d’une série.
checks-about-sums = Les totaux égalent la somme de leurs parties, aux arrondis près; une partie ne dépasse jamais le tout. Lorsque les parties publiées ne donnent pas le total publié, le rapport le dit parmi les affirmations vérifiées.
checks-about-rows = Chaque ligne lue par un carnet figure dans l’un de ses tableaux ou est laissée de côté pour une raison énoncée.
checks-about-coverage = Ce que contenait la dernière exécution réussie s’y trouve toujours.
checks-about-magnitude = Depuis la dernière exécution réussie, aucun chiffre n’a varié de plus d’un facteur 5, aucune part de plus de 25 points, aucun lieu de plus d’un degré et aucune somme d’une colonne de plus d’un facteur 2, sauf confirmation.
checks-about-corrections = Ce qu’une source imprime à tort est corrigé dans un fichier à part, preuve à l’appui. Une correction qui ne trouve plus ce qu’elle corrige échoue.
