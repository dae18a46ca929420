# Ce qui a changé : page, section du rapport, noms des chiffres et des tableaux.

changes-title = Ce qui a changé
changes-subtitle = Avant : { $before }. Maintenant : { $after }.
changes-side-release = version { $name } (chiffres du { $day })
changes-side-run = exécution du { $name } (chiffres du { $day })
changes-side-day = chiffres du { $day }
changes-table-title = { $kind } : { $counted }
changes-same = Aucun chiffre n’a changé.
changes-parameters = Les paramètres diffèrent : { $list }.

changes-section-summary = En bref
changes-section-largest = Les changements les plus importants
changes-section-values = Chiffres publiés
changes-section-rows = Lignes des tableaux de données
changes-section-claims = Affirmations publiées
changes-section-charts = Graphiques et tableaux du rapport
changes-section-sources = Sources
changes-section-reading = Comment lire cette page

changes-kind-value = Chiffres publiés
changes-kind-row = Lignes des tableaux de données
changes-kind-claim = Affirmations publiées
changes-kind-chart = Graphiques
changes-kind-table = Tableaux du rapport
changes-kind-source = Sources
changes-what-revised = Modifiés
changes-what-removed = Disparus
changes-what-added = Nouveaux
changes-tier-large = important
changes-tier-moderate = moyen
changes-tier-small = faible
changes-why-correction = correction
changes-why-revision = révision
changes-why-edited-in-place = modifié sur place
changes-why-new-source = nouvelle source
changes-why-new-row = nouveau chiffre
changes-why-row-removed = chiffre disparu
changes-why-method = méthode

changes-reading-size = Un changement est important à partir de { $large } du chiffre antérieur, moyen à partir de { $moderate } et faible en deçà. Ce qui est nouveau ou disparu est important. Les mots, qui n’ont pas de grandeur, comptent comme moyens; les années et les dates, comme faibles.
changes-reading-why-revision = Révision : un chiffre déjà connu a été publié de nouveau.
changes-reading-why-edited-in-place = Modifié sur place : un chiffre a été remplacé sans ligne ni date à lui. Les rapports de dates antérieures changent aussi; d’autres lignes donnent peut-être encore l’ancien chiffre.
changes-reading-why-new-source = Nouvelle source : le chiffre vient d’un document qui n’était pas utilisé auparavant.
changes-reading-why-new-row = Nouveau chiffre : un document déjà utilisé le donne maintenant.
changes-reading-why-row-removed = Chiffre disparu : il n’est plus publié ou n’est plus utilisé.
changes-reading-why-correction = Correction : l’erreur d’une source a été rectifiée ici, preuve à l’appui.
changes-reading-why-method = Méthode : les mêmes chiffres, mais un autre calcul, un autre choix ou un autre paramètre.
changes-reading-main = Lorsque plusieurs raisons s’appliquent, la plus fréquente est donnée.

changes-column-kind = Nature
changes-column-figure = Chiffre
changes-column-then = Avant
changes-column-now = Maintenant
changes-column-change = Variation
changes-column-why = Raison
changes-column-size = Ampleur
changes-column-chart = Titre actuel
changes-new = nouveau
changes-gone = disparu
changes-section-of = Un chiffre de la section « { $heading } »
changes-cell = { $row } : { $column }
changes-why-source = { $why } : { $source }
changes-why-sources = { $why } ({ $count } { $count ->
    [one] document
   *[other] documents
})
changes-why-still = { $why }; le chiffre précédent figure encore dans { $rows }
changes-still-row = { $file }, ligne { $row } ({ $value })
changes-source-named = { $publisher }, { $year }
changes-list-revised =
    { $count ->
        [one] { $count } modifié
       *[other] { $count } modifiés
    }
changes-list-removed =
    { $count ->
        [one] { $count } disparu
       *[other] { $count } disparus
    }
changes-list-added =
    { $count ->
        [one] { $count } nouveau
       *[other] { $count } nouveaux
    }
changes-list-more =
    { $count ->
        [1] Une autre ligne n’est pas montrée ici.
        [one] { $count } autre ligne n’est pas montrée ici.
       *[other] { $count } autres lignes ne sont pas montrées ici.
    }
changes-table-counts = modifiées : { $revised }; nouvelles : { $added }; disparues : { $removed }
changes-number = { $count }
changes-redrawn = même titre, autres données

changes-none-before = C’est la première version : il n’y a pas de chiffres d’un jour antérieur auxquels comparer ceux-ci.
changes-none = Rien n’a changé depuis la version qui contient les chiffres du { $day }.
changes-intro = La dernière version contient les chiffres qui étaient publics le { $day }. Sur { $used ->
        [one] { $used } chiffre ou nom
       *[other] les { $used } chiffres et noms
    } que donne le texte du rapport, { $revised ->
        [0] aucun n’a changé depuis
        [1] un seul a changé depuis
        [one] { $revised } a changé depuis
       *[other] { $revised } ont changé depuis
    } et { $added ->
        [0] aucun n’est nouveau
        [1] un seul est nouveau
        [one] { $added } est nouveau
       *[other] { $added } sont nouveaux
    }. Dans les tableaux de données sous-jacents, { $rowsadded ->
        [0] aucune ligne n’est nouvelle
        [1] une ligne est nouvelle
        [one] { $rowsadded } ligne est nouvelle
       *[other] { $rowsadded } lignes sont nouvelles
    }, { $rowsrevised ->
        [0] aucune n’a été modifiée
        [1] une a été modifiée
        [one] { $rowsrevised } a été modifiée
       *[other] { $rowsrevised } ont été modifiées
    } et { $rowsremoved ->
        [0] aucune n’a disparu
        [1] une a disparu
        [one] { $rowsremoved } a disparu
       *[other] { $rowsremoved } ont disparu
    }. { $sources ->
        [0] Aucun document source n’est nouveau.
        [1] Un document source est nouveau.
        [one] { $sources } document source est nouveau.
       *[other] Les documents sources nouveaux sont au nombre de { $sources }.
    }
changes-all = Tous les changements et leurs raisons
tbl-changes-title = Principaux changements depuis le { $day }.
tbl-changes-caption = Chiffres du texte, des plus grands changements aux plus petits; les nouveaux viennent en dernier. La variation est relative au chiffre antérieur; celle d’un pourcentage est en points.
tbl-changes-caption-rows = Chiffres du texte, des plus grands changements aux plus petits, puis lignes des tableaux de données. La variation est relative au chiffre antérieur; celle d’un pourcentage est en points.

# Noms de chiffres du texte que ni leur ligne de données ni leur programme ne nomment.
named-rates-first-year = Première année qui a un taux de change
named-rates-last-year = Dernière année qui a un taux de change
named-currency = Monnaie des montants
named-awards-count = Aides fédérales dont le montant est publié
named-awards-total = Aides fédérales dont le montant est publié, au total
named-awards-conditional-count = Aides fédérales conditionnelles
named-awards-ceilings-count = Aides fédérales qui indiquent un plafond
named-awards-loans-total = Aides fédérales : prêts
named-awards-equity-total = Aides fédérales : participations
named-awards-forms = Aides fédérales selon la forme de l’argent
named-awards-conditional-total = Aides fédérales sous conditions
named-awards-unofficial-total = Aides fédérales tirées de la presse ou à confirmer
named-awards-unofficial-share = Part de l’argent accordé tirée de la presse ou à confirmer
named-mpo-projects = Projets de tous les secteurs de la liste du Bureau des grands projets
named-cmif-envelope = Fonds pour l’infrastructure des minéraux critiques : ensemble du fonds
named-flmf-envelope = Fonds du premier et du dernier kilomètre : ensemble du fonds
named-cmsf-envelope = Fonds souverain pour les minéraux critiques : ensemble du fonds
named-gpi-listed-count = Initiative de partenariats mondiaux : projets décrits sur sa page
named-gpi-listed-total = Initiative de partenariats mondiaux : valeur des projets décrits sur sa page
named-government-offtakes = Ententes d’achat du gouvernement fédéral
named-mineral-exports-total = Exportations de minéraux et de métaux
named-mineral-exports-share = Part des minéraux et des métaux dans les exportations de marchandises
named-mineral-exports-change = Variation recalculée des exportations de minéraux et de métaux
named-exports-parted-count = Produits dont les destinations ont été relevées
named-exports-to-us-share = Part de ces exportations destinée aux États-Unis
named-exports-to-china-share = Part de ces exportations destinée à la Chine
named-exports-aluminum-us-share = Part des exportations d’aluminium destinée aux États-Unis
named-exports-potash-us-share = Part des exportations de potasse destinée aux États-Unis
named-exports-copper-ores-top-share = Part des exportations de minerai de cuivre destinée au premier acheteur
named-trade-months = Mois sur lesquels porte la comparaison du commerce
named-production-count = Produits canadiens comparés
named-production-up-count = Produits canadiens dont la production dépasse celle de la première année
named-production-lithium = Production canadienne de lithium
named-production-lithium-change = Croissance de la production canadienne de lithium
named-copper-output-first = Production canadienne de cuivre, première année de la série
named-copper-output-low = Production canadienne de cuivre, année la plus basse
named-copper-output-last = Production canadienne de cuivre, dernière année
named-partnerships-count = Ententes répertoriées
named-partnerships-recent = Ententes de cette année et de la précédente
named-partnerships-bilateral-partners = Partenaires liés par une entente bilatérale
named-production-round-1-measures = Alliance sur la production, première série : mesures
named-production-round-1-amount = Alliance sur la production, première série : valeur
named-production-round-2-measures = Alliance sur la production, deuxième série : mesures
named-production-round-2-amount = Alliance sur la production, deuxième série : valeur
named-rise-amount = Contribution au partenariat RISE de la Banque mondiale
named-forum-amount = Contribution au Forum intergouvernemental sur les mines
named-forum-members = Membres du Forum intergouvernemental sur les mines
named-ally-strategies-count = Alliés dont la stratégie est rappelée
named-alliance-commitments = Points de l’Alliance pour des minéraux critiques durables
named-list-added-count = Minéraux ajoutés à la liste canadienne
named-list-shared-with-us = Minéraux communs aux listes canadienne et américaine
named-ree-china-steps = Étapes de la chaîne des terres rares que maîtrise la Chine
named-exploration-spending = Dépenses d’exploration
named-exploration-spending-first = Dépenses d’exploration, première année de la série
named-exploration-first-estimate = Dépenses d’exploration, première estimation d’une année révisée depuis
named-exploration-revised = Dépenses d’exploration, la même année après révision
named-criticism-jcap-companies = Entreprises associées à des violences en Amérique latine, selon une étude
named-criticism-jcap-deaths = Décès, selon la même étude
named-criticism-amazon-nations = Nations autochtones d’Amazonie dont les organisations ont formulé une demande
named-criticism-amazon-protection = Part de l’Amazonie qu’elles veulent protéger
named-sites-mines = Mines sur la carte
named-sites-mills = Usines de traitement sur la carte
named-sites-projects = Projets sur la carte
named-sites-referred = Projets soumis au Bureau des grands projets
named-claims-count = Chiffres publiés vérifiés
named-claims-documents = Documents dont les chiffres ont été vérifiés
named-claims-agreeing = Chiffres publiés qui concordent
named-claims-rounded = Chiffres publiés qui concordent à l’arrondi près
named-claims-revised = Chiffres publiés révisés depuis
named-claims-other-measure = Chiffres publiés qui mesurent autre chose
named-claims-unexplained = Chiffres publiés dont l’écart est inexpliqué
named-claims-not-recomputable = Chiffres publiés impossibles à recalculer
named-us-recomputed-published-count = Dépendance nette des États-Unis : taux publiés
named-us-recomputed-count = Dépendance nette des États-Unis : taux recalculés
named-us-recomputed-agree-count = Dépendance nette des États-Unis : taux qui concordent
named-us-recomputed-rounded-count = Dépendance nette des États-Unis : taux qui concordent à l’arrondi près
named-us-recomputed-differ-count = Dépendance nette des États-Unis : taux qui diffèrent
named-us-recomputed-not-count = Dépendance nette des États-Unis : taux impossibles à recalculer
named-first-estimates-first-year = Premières estimations de la production mondiale : première année
named-first-estimates-last-year = Premières estimations de la production mondiale : dernière année
named-first-estimates-world-count = Totaux mondiaux d’abord estimés, puis révisés
named-first-estimates-world-near-count = Totaux mondiaux estimés d’abord à un vingtième près
named-first-estimates-canada-count = Production canadienne : chiffres d’abord estimés, puis révisés
named-first-estimates-canada-near-count = Production canadienne : premières estimations à un vingtième près
named-alliance-launch = Lancement de l’Alliance pour des minéraux critiques durables
named-alliance-other-members = Membres de l’Alliance pour des minéraux critiques durables, outre le Canada
named-domestic-exports-year = Année des exportations par destination
named-government-offtake-minerals = Minéraux des ententes d’achat du gouvernement fédéral
named-list-changes = Changements à la liste canadienne
named-partnerships-bilateral-partner-names = Partenaires liés par une entente bilatérale, selon le nom
named-partnerships-recent-kinds = Ententes de cette année et de la précédente, selon le genre
named-partnerships-recent-since = Première année des ententes récentes
named-priority-minerals = Minéraux auxquels la Stratégie a d’abord donné la priorité
named-production-first-year = Produits canadiens comparés : première année
named-production-last-year = Produits canadiens comparés : dernière année
named-ree-canada-openings = Étapes de la chaîne des terres rares où des sources voient un potentiel au Canada
named-ree-canada-since = Étapes de la chaîne des terres rares que le Canada a ajoutées
named-ree-chain-year = Année du portrait de la chaîne des terres rares
named-trade-deficit-minerals = Minéraux dont le Canada a acheté plus qu’il n’en a vendu
named-us-action-plan-date = Date du plan d’action conjoint du Canada et des États-Unis
named-us-recomputed-differ-minerals = Dépendance nette des États-Unis aux importations : minéraux dont les taux diffèrent
named-us-recomputed-first-year = Dépendance nette des États-Unis aux importations : première année recalculée
named-us-recomputed-year = Dépendance nette des États-Unis aux importations : dernière année recalculée
named-claim-cmrdd-federal-projects-stated = Projets de recherche fédéraux : chiffre publié
named-claim-cmrdd-federal-projects-found = Projets de recherche fédéraux : chiffre recalculé
named-claim-strategy-2022-stated = Appui à la Stratégie dans le budget de 2022 : chiffre publié
named-claim-strategy-2022-found = Appui à la Stratégie dans le budget de 2022 : chiffre recalculé
named-claim-traceability-ceiling-stated = Plafond d’une subvention de traçabilité : chiffre publié
named-claim-traceability-ceiling-found = Plafond d’une subvention de traçabilité : chiffre recalculé
named-claim-gpi-projects-stated = Projets de l’Initiative de partenariats mondiaux : chiffre publié
named-claim-gpi-projects-found = Projets de l’Initiative de partenariats mondiaux : chiffre recalculé
named-claim-exploration-2021-stated = Dépenses d’exploration de 2021 : chiffre publié
named-claim-exploration-2021-found = Dépenses d’exploration de 2021 : chiffre recalculé
named-claim-exports-change-2023-stated = Variation des exportations de minéraux et de métaux, 2023 : chiffre publié
named-claim-exports-change-2023-found = Variation des exportations de minéraux et de métaux, 2023 : chiffre recalculé
named-claim-headquartered-companies-stated = Sociétés minières ayant leur siège au Canada : chiffre publié
named-claim-headquartered-companies-found = Sociétés minières ayant leur siège au Canada : chiffre recalculé
named-claim-first-estimate-nickel-stated = Production canadienne de nickel en 2024, première estimation : chiffre publié
named-claim-first-estimate-nickel-found = Production canadienne de nickel en 2024, première estimation : chiffre recalculé

# Noms des tableaux de données traitées.
table-named-mineral-lists = Minéraux et listes
table-named-exchange-rates = Taux de change
table-named-sources = Documents sources
table-named-funding-envelopes = Fonds mis à disposition
table-named-programme-funding = Programmes et leur budget
table-named-funding-awards = Projets financés
table-named-funding-makeup = Nature des aides fédérales
table-named-bills = Modifications de lois
table-named-funding-over-time = Aides fédérales au fil du temps
table-named-funding-by-mineral = Aides fédérales par minéral
table-named-funding-by-province = Aides fédérales par province et territoire
table-named-programme-results = Résultats des programmes
table-named-funding-limits = Plafonds des programmes
table-named-tax-measures = Mesures fiscales
table-named-mineral-exports = Exportations de minéraux et de métaux
table-named-domestic-exports = Exportations de produits canadiens
table-named-merchandise-trade = Commerce par produit
table-named-trade-by-mineral = Commerce par minéral
table-named-production = Production au Canada
table-named-world-production = Production mondiale
table-named-first-estimates = Premières estimations de la production et leur révision
table-named-reserves = Réserves
table-named-supply-concentration = Concentration de l’offre mondiale
table-named-china-shares = Parts de la Chine
table-named-us-import-reliance = Dépendance nette des États-Unis aux importations
table-named-us-import-sources = Provenance des importations des États-Unis
table-named-us-reliance-and-canada = Dépendance des États-Unis et offre canadienne
table-named-us-supply-demand = Offre et demande aux États-Unis
table-named-partnerships = Ententes
table-named-partnership-members = Membres des ententes
table-named-partnership-matrix = Ententes communes par pays
table-named-partnership-commitments = Engagements
table-named-ally-strategies = Stratégies des alliés
table-named-engagement = Travail avec les partenaires
table-named-criticism = Critiques
table-named-indicators = Indicateurs clés
table-named-exploration = Dépenses d’exploration
table-named-major-projects = Grands projets
table-named-sites = Mines et projets
table-named-planned-output = Production prévue
table-named-rare-earth-chain = Chaîne de valeur des terres rares
table-named-claims = Affirmations publiées, vérifiées
table-named-mineral-uses = Utilisations des minéraux
