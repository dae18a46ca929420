# Dépendance nette des États-Unis aux importations, recalculée à partir de ses éléments publiés.

reliance-outcome-agrees = concorde
reliance-outcome-agrees-after-rounding = concorde à l’arrondi près
reliance-outcome-differs = diffère
reliance-outcome-not-recomputable = ne peut être recalculé
reliance-basis-parts = tous les éléments
reliance-basis-consumption = consommation publiée
reliance-basis-none = rien

tbl-us-reliance-recomputed-title = Dépendance nette des États-Unis aux importations : chiffre publié et chiffre recalculé à partir de ses éléments.
tbl-us-reliance-recomputed-caption = { $year }, estimations de l’organisme; minéraux de la liste canadienne dont la dépendance peut être calculée. Les importations nettes sont les importations moins les exportations, plus les prélèvements sur les stocks; la consommation est la production, recyclage compris, plus les importations nettes; en tonnes. Pour { $stand-in } { $stand-in ->
    [one] ligne
   *[other] lignes
} sur { $count }, un élément n’est pas publié et la consommation publiée en tient lieu. « Concorde à l’arrondi près » signifie que l’arrondi des éléments imprimés permet le chiffre publié. Absentes du tableau : les formes dont les États-Unis sont exportateurs nets, notées E (minéraux : { $exporters }), et celles qui ne peuvent être calculées, trop d’éléments n’étant ni divulgués ni publiés (minéraux : { $without }).
tbl-us-reliance-recomputed-caption-none = Les éléments de la dépendance nette des États-Unis aux importations n’étaient pas encore publics à cette date.
