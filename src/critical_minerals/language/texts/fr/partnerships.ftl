# Partenariats, travail avec les partenaires et critiques.

fig-partnership-timeline-title =
    { $dated ->
        [0] Aucune entente datée sur les minéraux critiques n’était publique à cette date.
        [1] Une entente datée sur les minéraux critiques était publique à cette date.
        [one] { $dated } entente datée sur les minéraux critiques était publique à cette date.
       *[other] Sur { $dated } ententes datées sur les minéraux critiques, { $recent ->
            [0] aucune n’a commencé en { $since } ou après.
            [1] une a commencé en { $since } ou après.
            [one] { $recent } a commencé en { $since } ou après.
           *[other] { $recent } ont commencé en { $since } ou après, { $recent_bilateral ->
                [0] dont aucune bilatérale.
                [1] dont une bilatérale.
                [all] toutes bilatérales.
                [one] dont { $recent_bilateral } bilatérale.
               *[other] dont { $recent_bilateral } bilatérales.
            }
        }
    }
fig-partnership-timeline-caption = Ententes selon la date de signature ou de lancement, de la plus ancienne à la plus récente. Une barre couvre le mois ou l’année lorsque le jour n’est pas publié. { $undated ->
    [0] {""}
    [1] S’y ajoute une entente sans date publiée, qui n’est pas tracée.{" "}
    [one] S’y ajoute { $undated } entente sans date publiée, qui n’est pas tracée.{" "}
   *[other] S’y ajoutent { $undated } ententes sans date publiée, qui ne sont pas tracées.{" "}
}Les ententes d’achat portent sur la production future d’une entreprise.
fig-partnership-timeline-alt =
    { $dated ->
        [0] Diagramme vide : aucune entente datée n’était publique à cette date.
       *[other] Ligne du temps, une rangée par entente ({ $dated } en tout), de « { $first } » ({ $first_date }) à « { $last } » ({ $last_date }). Bilatérales : { $bilateral }; multilatérales : { $multilateral }; séries d’investissements, ententes d’achat et ententes nationales : { $others }. Commencées en { $since } ou après : { $recent }.
    }

fig-partnership-matrix-title =
    { $known ->
        [0] Aucun groupe sur les minéraux critiques dont les membres sont nommés n’était public à cette date.
       *[other] Parmi les partenaires du Canada, { $partners ->
            [one] un seul ({ $closest }) appartient
           *[other] seuls certains ({ $closest }) appartiennent
        } à { $all ->
            [yes] { $groups ->
                [1] un groupe de cette figure
                [one] { $groups } groupe de cette figure
               *[other] chacun des { $groups } groupes de cette figure
            }
           *[no] { $most } { $groups ->
                [one] sur { $groups } groupe de cette figure
               *[other] des { $groups } groupes de cette figure
            }, le nombre le plus élevé
        }.
    }
fig-partnership-matrix-caption = Pays partenaires nommés dans les sources. La première colonne compte les ententes bilatérales qu’aucune source ne dit réalisées ou terminées; les autres sont des groupes d’au moins trois pays. Les membres de la deuxième série de l’Alliance sur la production et ceux du Forum intergouvernemental sur les mines ne sont pas nommés dans ce qui a été lu : ces groupes sont omis. Le plan d’action et la feuille de route du G7 ont les mêmes membres et partagent une colonne.
fig-partnership-matrix-alt =
    { $known ->
        [0] Diagramme vide ou ententes bilatérales seulement : aucun groupe dont les membres sont nommés n’était public à cette date.
       *[other] Matrice des pays et blocs partenaires ({ $countries }) selon les groupes ({ $groups }), avec une colonne pour les ententes bilatérales. Présence dans le plus grand nombre de groupes ({ $most }) : { $closest }. Entente bilatérale et aucun des groupes : { $bilateral_only }.
    }

tbl-agreements-title = Ententes sur les minéraux critiques.
tbl-agreements-caption = Avec qui, depuis quand et où elles en sont. Les dates sont celles de la signature ou du lancement, dans la mesure où elles sont publiées.
tbl-alliance-commitments-title = Objectifs vers lesquels les membres de l’Alliance disent vouloir tendre.
tbl-alliance-commitments-caption = Engagements de l’Alliance pour des minéraux critiques durables; ils sont volontaires.
tbl-ally-strategies-title = Stratégies des alliés au début de 2020.
tbl-ally-strategies-caption = Telles que les décrivait le Groupe de travail sur les minéraux critiques du Canada; chacune a pu changer depuis.
tbl-engagement-title = Travail avec les partenaires au pays et à l’étranger.
tbl-engagement-caption = Avec les chiffres qui ont été publiés, et avec le jour depuis lequel chacun est public : ce qui est plus ancien a pu changer depuis.
tbl-criticism-title = Ce que les critiques ont constaté, demandé ou dit au lancement de l’Alliance.
tbl-criticism-caption = Chaque affirmation est attribuée à son auteur. Les chiffres sont les leurs et n’ont pas été vérifiés pour ce rapport.

# En-têtes
column-agreement = Entente
column-scope = Portée
column-concluded = Date
column-forum = Groupe
column-standing = Participation
column-arrangements = Ententes avec le Canada

# Codes
forum-bilateral = Bilatérales
forum-g7 = Plan d’action et feuille de route du G7
counted-bilateral =
    { $count ->
        [one] { $count } bilatérale
       *[other] { $count } bilatérales
    }
counted-multilateral = { $count } entre plusieurs pays
counted-investment =
    { $count ->
        [one] { $count } série d’investissements
       *[other] { $count } séries d’investissements
    }
counted-offtake =
    { $count ->
        [one] { $count } entente d’achat
       *[other] { $count } ententes d’achat
    }
counted-domestic = { $count } au pays
scope-bilateral = bilatérale
scope-multilateral = multilatérale
scope-investment = investissement
scope-offtake = achat de production
scope-domestic = nationale
standing-from-start = depuis le début
standing-later = adhésion ultérieure
standing-project-partner = partenaire de projets annoncés
agreement-status-in-force = en vigueur
agreement-status-launched = lancée
agreement-status-announced = annoncée
agreement-status-negotiated = négociée
agreement-status-reported = rapportée par la presse
agreement-status-listed = mentionnée, état non précisé
agreement-status-fulfilled = réalisée
agreement-status-ended = terminée
binding-yes = oui
binding-no = non
binding-not-stated = non précisé
agreement-kind-action-plan = plan d’action
agreement-kind-alliance = alliance
agreement-kind-competition = concours de financement
agreement-kind-contribution = contribution
agreement-kind-declaration-of-intent = déclaration d’intention
agreement-kind-dialogue = dialogue
agreement-kind-forum = forum
agreement-kind-framework = cadre
agreement-kind-initiative = initiative
agreement-kind-investment-round = série d’investissements
agreement-kind-joint-action-plan = plan d’action conjoint
agreement-kind-joint-declaration = déclaration commune
agreement-kind-joint-statement = énoncé conjoint
agreement-kind-leaders-commitment = engagement de dirigeants
agreement-kind-memorandum = protocole d’entente
agreement-kind-offtake = entente d’achat de production
agreement-kind-partnership = partenariat
agreement-kind-project = projet
agreement-kind-research-collaboration = collaboration de recherche
agreement-kind-roadmap = feuille de route
agreement-kind-strategic-partnership = partenariat stratégique
agreement-kind-working-group = groupe de travail
agreement-kind-working-party = groupe de travail
role-party = partie
role-founding-member = membre fondateur
role-member = membre
role-lead = responsable
role-chair = présidence
role-partner = partenaire
role-donor = donateur
role-host = hôte
role-buyer = acheteur
role-seller = vendeur
commitment-kind-commitment = engagement
commitment-kind-area = domaine de travail
audience-indigenous-peoples = Peuples autochtones
audience-provinces-territories = Provinces et territoires
audience-industry = Industrie
audience-international = Autres pays
statement-kind-finding = constat
statement-kind-demand = demande
statement-kind-warning = mise en garde
statement-kind-protest = manifestation
statement-kind-remark = remarque

# Faits repris tels quels.
