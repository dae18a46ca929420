# Financement : textes des figures, des tableaux et des valeurs.

column-result = Résultat
column-sharing = Désignation
column-money-form = Forme
column-awards = Aides
column-known-since = Public depuis
column-funding-group = Programme ou organisme
column-reported-value = Chiffre

jurisdiction-federal = fédéral
jurisdiction-provincial = provincial
jurisdiction-international = international
jurisdiction-joint = fédéral et provincial
jurisdiction-foreign = étranger
jurisdiction-not-stated = non précisé
envelope-role-total = ensemble du programme
envelope-role-part = partie
envelope-role-addition = ajout
envelope-role-package = groupe de programmes
sharing-alone = non partagé
sharing-shared = partagé avec d’autres, montant entier sous chacun
sharing-conditional = sous conditions
sharing-not-named = non précisé
condition-firm = fermes
condition-conditional = sous conditions
money-form-loan = prêts
money-form-equity = participations
money-form-contribution = contributions et subventions
money-form-not-stated = forme non précisée
committed-basis-published = un total publié
committed-basis-awards = les aides recensées ici
instrument-contribution = contribution
instrument-grant = subvention
instrument-loan = prêt
instrument-equity = participation
instrument-letter-of-interest = lettre d’intérêt
instrument-offtake = entente d’achat
instrument-not-stated = non précisée
award-status-announced = annoncée
award-status-conditional = conditionnelle
award-status-contracted = sous contrat
award-status-letter-of-interest = lettre d’intérêt
award-status-withdrawn = retirée
award-status-ended = terminée
funding-group-lenders = Prêteurs fédéraux (BIC et EDC)
funding-group-cgf = Fonds de croissance du Canada
funding-group-sif-srf = Fonds stratégique pour l’innovation
funding-group-cmif = Fonds pour l’infrastructure
funding-group-pdac-2026 = Annonces de mars 2026
funding-group-cmpa = Alliance sur la production
funding-group-other = Tous les autres

axis-millions = Millions { $currency }
chart-envelopes-large = Les enveloppes les plus importantes
chart-envelopes-small = Toutes les autres, à une échelle plus grande
chart-envelopes-money = Fonds
chart-envelopes-known = { $envelope } · { $committed } engagés
chart-envelopes-unknown = { $envelope } · engagements non publiés
chart-no-mineral = Aucun minéral nommé
chart-no-province = Aucune province nommée
chart-awards =
    { $count ->
        [one] { $amount } · { $count } aide
       *[other] { $amount } · { $count } aides
    }
# $number (Number) - alike: un symbole, pas un mot
chart-billion = { $number } G{ $sign }
# $number (Number) - alike: un symbole, pas un mot
chart-million = { $number } M{ $sign }
chart-band = { $name } : { $amount }

# $tied (Number) - whole: des programmes, dont un au moins; $known (Number) - whole: des programmes
fig-envelopes-title =
    { $count ->
        [1] Un programme a une enveloppe publique : { $amount } ({ $largest }); { $known ->
            [0] le montant engagé n’est pas public.
           *[other] le montant engagé l’est aussi.
        }
        [one] { $count } programme a une enveloppe publique.
       *[other] { $tied ->
            [one] Le programme qui a la plus grande enveloppe ({ $largest }) dispose de { $amount }; les engagements
           *[other] Les { $tied } programmes qui ont la plus grande enveloppe disposent chacun de ce montant : { $amount }; les engagements
        } { $known ->
            [0] ne sont publics pour aucun des { $count } programmes.
           *[other] sont publics pour { $known } des { $count } programmes.
        }
    }
fig-envelopes-title-none = Au { $day }, aucune enveloppe de programme n’avait été publiée.
fig-envelopes-caption = Barres larges : fonds fédéraux prévus. Barres étroites à l’intérieur : ce que l’on sait avoir été engagé, selon un total publié ou les aides recensées dans ce rapport, le plus élevé des deux; des aides peuvent aussi provenir de fonds hors de l’enveloppe. Les deux volets n’ont pas la même échelle. Une même somme n’apparaît qu’une fois : les annonces groupées, les volets d’un fonds et les seconds noms d’une même somme sont omis. { $overlap }
fig-envelopes-overlap = Le Fonds du premier et du dernier kilomètre reprend ce qui reste du Fonds pour l’infrastructure des minéraux critiques : ces deux barres ne s’additionnent pas.
fig-envelopes-alt = Diagramme à barres en deux volets, programmes fédéraux : { $count }. Enveloppes les plus importantes : { $top }. La plus petite : { $smallest }, { $smallest-amount }. { $known ->
    [0] Aucun engagement connu.
   *[other] Programmes dont les engagements sont connus : { $known }; le plus élevé : { $most }, { $most-amount }.
}

fig-awards-cumulative-title =
    { $count ->
        [1] Au { $day }, une aide fédérale avait été rendue publique : { $total }.
        [one] Au { $day }, { $count } aide fédérale avait été rendue publique : { $total }.
       *[other] Au { $day }, { $count } aides fédérales avaient été rendues publiques : { $total } au total, { $hanging ->
            [0] aucune sous conditions.
           *[other] dont { $conditional } sous conditions.
        }
    }
fig-awards-cumulative-caption = Chaque aide figure au jour de son annonce ou, si seul un mois, une année ou aucune date n’est donnée ({ $undated } { $undated ->
    [one] aide
   *[other] aides
}), au premier jour où elle était publique. Les prêts et les participations de prêteurs et d’investisseurs fédéraux sont compris; les lettres d’intérêt, l’argent des provinces et de l’étranger et les montants annoncés avec une province ne le sont pas. Les montants donnés comme plafonds représentent { $ceilings } du total. Ce qui était exprimé dans une autre monnaie est converti au taux annuel moyen.
fig-awards-cumulative-alt = Diagramme cumulatif en escalier des aides fédérales, du { $start } au { $day }; total : { $total }. À cette date : { $parts }.
fig-awards-makeup-title = Les aides fédérales totalisent { $total }; { $tied ->
    [one] la plus grande part
   *[other] les plus grandes parts
} : { $largest }.
fig-awards-makeup-caption = Un prêt est à rembourser et une participation garde une valeur; les contributions et les subventions sont dépensées. Une aide sous conditions pourrait n’être jamais versée. De cette somme, { $unofficial }, soit { $share } du total, n’est connu que par la presse ou par des sources à confirmer.
fig-awards-makeup-alt = Diagramme à barres des aides fédérales selon leur forme : { $forms }. Sous conditions, toutes formes confondues : { $conditional }.
fig-awards-cumulative-none = Aucune aide fédérale n’était publique au { $day }.

fig-funding-minerals-title = Le minéral qui reçoit le plus d’aides fédérales fermes et confirmées ({ $first }) en reçoit { $first-amount }; le deuxième ({ $second }), { $second-amount }.
fig-funding-minerals-title-tied = Les minéraux qui reçoivent le plus d’aides fédérales fermes et confirmées ({ $leaders }) en reçoivent { $amount } chacun.
fig-funding-minerals-title-one = Un seul minéral ({ $first }) est nommé par des aides fédérales fermes et confirmées, qui totalisent { $amount }.
fig-funding-minerals-title-none = Au { $day }, aucune aide fédérale ferme et confirmée ne nommait un minéral.
fig-funding-minerals-caption = Aides fédérales selon les minéraux que nomment les sources. Une aide pour plusieurs minéraux ne peut être répartie : elle figure en entier sous chacun, si bien que les barres ne s’additionnent pas. Les aides sous conditions ont leur propre couleur; le titre n’en tient pas compte, ni de ce que seule donne une source à confirmer. Quelques grands prêts pèsent lourd.
fig-funding-minerals-alt = Diagramme à barres des aides fédérales par minéral, minéraux nommés : { $count }. Les plus élevées : { $top }. Aides dont les sources ne nomment aucun minéral : { $unnamed }.

fig-funding-provinces-title = { $leaders ->
    [one] La province ou le territoire qui reçoit le plus d’aides fédérales fermes et confirmées ({ $first }) en reçoit { $first-amount };
   *[other] Les provinces ou territoires qui reçoivent le plus d’aides fédérales fermes et confirmées ({ $first }) en reçoivent { $first-amount } chacun;
} { $nothing ->
    [yes] toutes les aides sont rattachées à une province.
   *[no] sur l’ensemble des aides, les sources laissent sans province { $unnamed }.
}
fig-funding-provinces-title-none = Au { $day }, aucune aide fédérale ferme et confirmée ne nommait une province.
fig-funding-provinces-caption = Aides fédérales selon le lieu du projet, s’il est donné. Les aides à des organisations internationales n’en nomment pas. Une aide dans deux provinces figure en entier sous chacune. Les aides sous conditions ont leur propre couleur.
fig-funding-provinces-alt = Diagramme à barres des aides fédérales par lieu, provinces et territoires nommés : { $count }. Dans l’ordre : { $top }. Aucune province nommée : { $unnamed }.

# $tied (Number) - whole: des programmes, dont un au moins
fig-programme-results-title =
    { $tied ->
        [one] Le programme qui déclare le nombre le plus élevé ({ $leader }) compte { $number } { $unit }.
       *[other] Le nombre le plus élevé, déclaré par { $tied } programmes, est de { $number } pour chacun.
    }
fig-programme-results-title-none = Aucun programme n’avait publié le nombre de ses projets au { $day }.
fig-programme-results-caption = Un carré représente un projet, une initiative ou un investissement, comme les programmes les comptent. Ces nombres ne sont pas de l’argent : un carré peut être une petite subvention ou une grande usine.{ $both ->
    [yes] {" "}L’Initiative de partenariats mondiaux déclare { $gpi } { $gpi ->
        [one] projet
       *[other] projets
    }; sa page Web en décrit { $gpi-listed }.
   *[no] {""}
}
fig-programme-results-alt = Rangées de carrés, un carré par projet, pour { $count } { $count ->
    [one] chiffre publié
   *[other] chiffres publiés
} par les programmes. Dans l’ordre : { $list }.

fig-programme-results-item = { $name }, { $result } : { $number }

tbl-programmes-title = Fonds prévus et engagements connus de chaque programme.
tbl-programmes-caption = Bon nombre d’enveloppes sont des plafonds, et bon nombre d’engagements, des planchers. Les lignes ne s’additionnent pas lorsque l’argent est compris dans une autre ligne : { $within }.
tbl-programmes-within = « { $inner } » dans « { $outer } »
tbl-programmes-overlap = le reliquat de « { $outer } » dans « { $inner } »
tbl-gpi-projects-title = Projets de l’Initiative de partenariats mondiaux.
tbl-gpi-projects-caption =
    { $count ->
        [0] Aucun projet de sa page Web n’était encore public.
        [1] Le projet que décrit sa page Web. La page n’est pas datée.
        [one] { $count } projet que décrit sa page Web, pour { $total }. La page n’est pas datée.
       *[other] Les { $count } projets que décrit sa page Web, { $total } en tout. La page n’est pas datée.
    }{ $adds ->
        [0] {""}
       *[other] {" "}Les États-Unis ajoutent { $us } au projet de Fortune Minerals.
    }

tbl-exchange-rates-title = Taux de change employés ici, moyennes annuelles.
tbl-exchange-rates-caption = Un montant prend le taux de l’année où il a été exprimé; une année qui n’en a pas encore prend celui de la dernière année qui en a un, et une année d’avant la première, celui de la première.
