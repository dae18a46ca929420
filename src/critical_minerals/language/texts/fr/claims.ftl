# Affirmations : des chiffres publiés mis à l’épreuve.

claims-not-yet = Les chiffres qui permettraient de le recalculer n’étaient pas publics à la date du rapport
claims-found = { $figure } ({ $difference })
claims-found-relative = { $figure } ({ $difference }, { $relative })
claims-finding-agrees = concorde
claims-finding-agrees-after-rounding = concorde après arrondi
claims-finding-differs = écart de { $difference }
claims-finding-not-recomputable = ne peut être recalculé
claims-points = { $number } points
claims-document = { $publisher }, { $year }

outcome-agrees = Concorde
outcome-agrees-after-rounding = Concorde après arrondi
outcome-differs = Diffère
outcome-not-recomputable = Ne peut être recalculé

claim-topic-funding = Financement
claim-topic-projects = Projets
claim-topic-economy = Économie
claim-topic-exploration = Exploration
claim-topic-trade = Commerce
claim-topic-supply = Offre
claim-topic-partnerships = Partenariats

# Figure : résultats par sujet
fig-claims-title = Sur { $count } affirmations publiées, { $agreeing } concordent avec les chiffres sous-jacents, { $differ } en diffèrent et { $open } ne peuvent être recalculées.
fig-claims-title-none = Aucune affirmation vérifiable n’était publique à la date du rapport.
fig-claims-caption = Une marque par affirmation, selon le sujet. Une affirmation concorde après arrondi lorsque son propre arrondi, ou celui des chiffres auxquels elle est comparée, explique l’écart. « Environ » admet 5 % de part et d’autre, « près de » 10 % en dessous, « jusqu’à » 5 % en dessous, « plus de » tout ce qui dépasse. Une affirmation ne peut être recalculée lorsque ses éléments manquent dans les documents lus; ils peuvent exister ailleurs.
fig-claims-alt = Rangées de marques, une marque par affirmation et une rangée par sujet, de quatre sortes. { $rows } En tout, { $agrees } concordent, { $rounded } concordent après arrondi, { $differ } diffèrent et { $open } ne peuvent être recalculées.
fig-claims-alt-row = { $topic } : { $count } en tout, { $differ } avec écart, { $open } sans recalcul possible.
fig-claims-alt-none = Diagramme vide : aucune affirmation n’était publique à la date du rapport.

# Tableaux
tbl-claims-differ-title = Chiffres publiés qui diffèrent de ce que donnent d’autres chiffres publics.
tbl-claims-differ-caption = Les écarts sont le chiffre recalculé moins le chiffre publié, suivis de leur part du chiffre publié. Un écart ne prouve pas une erreur : les raisons sont l’interprétation de ce rapport, et des états ultérieurs, d’autres définitions ou des éléments manquants en expliquent la plupart.
tbl-claims-missing-title = Chiffres publiés qui ne peuvent être recalculés, et ce qu’il faudrait pour le faire.
tbl-claims-missing-caption = « Manque » signifie absent des documents que ce rapport a lus.
tbl-claims-title = Toutes les affirmations publiées qui ont été vérifiées.
tbl-claims-caption = Les { $count } affirmations, dans les mots de ce rapport, avec le document qui avance chacune. Le carnet sur les affirmations montre tous les calculs.
tbl-claims-caption-none = Aucune affirmation n’était publique à la date du rapport.

# Colonnes

column-claimed = Énoncé
column-outcome = Résultat
column-stated = Publié
column-found = Recalculé (écart)
