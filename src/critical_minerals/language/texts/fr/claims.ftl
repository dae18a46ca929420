# Affirmations : des chiffres publiés mis à l’épreuve.

claims-not-yet = Les chiffres qui permettraient de le recalculer n’étaient pas publics à la date du rapport
claims-found = { $figure } ({ $difference })
claims-found-relative = { $figure } ({ $difference }, { $relative })
claims-finding-agrees = concorde
claims-finding-agrees-after-rounding = concorde après arrondi
claims-finding-revised-since = révisé depuis, de { $difference }
claims-finding-measures-something-else = mesure autre chose
claims-finding-unexplained = écart de { $difference }, inexpliqué
claims-finding-not-recomputable = ne peut être recalculé
claims-document = { $publisher }, { $year }

outcome-agrees = Concorde
outcome-agrees-after-rounding = Concorde après arrondi
outcome-revised-since = Révisé depuis
outcome-measures-something-else = Mesure autre chose
outcome-unexplained = Inexpliqué
outcome-not-recomputable = Ne peut être recalculé

claim-topic-funding = Financement
claim-topic-projects = Projets
claim-topic-economy = Économie
claim-topic-exploration = Exploration
claim-topic-trade = Commerce
claim-topic-supply = Offre
claim-topic-partnerships = Partenariats

# Figure : résultats par sujet
fig-claims-title = Sur { $count } { $count ->
    [one] affirmation publiée
   *[other] affirmations publiées
}, { $agreeing ->
    [one] { $agreeing } concorde
   *[other] { $agreeing } concordent
} avec les chiffres sous-jacents; { $unexplained } { $unexplained ->
    [one] écart reste inexpliqué
   *[other] écarts restent inexpliqués
}.
fig-claims-title-none = Aucune affirmation vérifiable n’était publique à la date du rapport.
fig-claims-caption = Une marque par affirmation, selon le sujet. Une affirmation concorde après arrondi lorsque son propre arrondi, ou celui des chiffres auxquels elle est comparée, explique l’écart. « Environ » admet 5 % de part et d’autre, « près de » 10 % en dessous, « jusqu’à » 5 % en dessous, « plus de » tout ce qui dépasse. « Révisé depuis » signifie qu’une version ultérieure du même chiffre est différente; « mesure autre chose », que l’affirmation n’a pu être comparée qu’à une autre année, à une partie ou à une autre définition, ce qui ne la confirme ni ne la contredit. Une affirmation ne peut être recalculée lorsque ses éléments manquent dans les documents lus; ils peuvent exister ailleurs.
fig-claims-alt = Rangées de marques, une marque par affirmation et une rangée par sujet, une forme par résultat. { $rows } En tout : concordance, { $agrees }; après arrondi, { $rounded }; révision depuis, { $revised }; autre mesure, { $other }; écart inexpliqué, { $unexplained }; aucun recalcul possible, { $open }.
fig-claims-alt-row = { $topic } : { $count } en tout, { $unexplained } avec écart inexpliqué, { $open } sans recalcul possible.
fig-claims-alt-none = Diagramme vide : aucune affirmation n’était publique à la date du rapport.

# Tableaux
tbl-claims-differ-title = Chiffres publiés qui ne concordent pas avec ce qui a pu leur être comparé, et ce qui l’explique.
tbl-claims-differ-caption = D’abord les écarts inexpliqués, puis les révisions, puis ce qui mesure autre chose. Les écarts sont le chiffre recalculé moins le chiffre publié, suivis de leur part du chiffre publié; entre des chiffres de choses différentes, il n’y en a pas. Les explications sont l’interprétation de ce rapport, et aucun écart ne prouve une erreur.
tbl-claims-missing-title = Chiffres publiés qui ne peuvent être recalculés, et ce qu’il faudrait pour le faire.
tbl-claims-missing-caption = « Manque » signifie absent des documents que ce rapport a lus.
tbl-claims-title = Toutes les affirmations publiées qui ont été vérifiées.
tbl-claims-caption = { $count ->
    [one] { $count } affirmation, dans les mots de ce rapport, avec le document qui l’avance
   *[other] Les { $count } affirmations, dans les mots de ce rapport, avec le document qui avance chacune
}. Le carnet sur les affirmations montre tous les calculs.
tbl-claims-caption-none = Aucune affirmation n’était publique à la date du rapport.

# Colonnes

column-claimed = Énoncé
column-outcome = Résultat
column-stated = Publié
column-found = Recalculé (écart)
