# Commerce : exportations, importations et production au Canada.

chart-nothing-public = Aucun chiffre de ce graphique n’était public à cette date.
figure-not-public = pas encore public
figure-caption-none = Rien de tout cela n’était public à cette date.
figure-alt-none = Aucun graphique : aucun chiffre n’était public à cette date.

exports-merchandise-total = Ensemble des marchandises
exports-minerals-and-metals = Minéraux et métaux
exports-metals = Métaux
exports-non-metals = Non-métaux
exports-coal = Charbon
exports-other-exports = Autres marchandises
exports-domestic-minerals-and-metals = Total seul (répartition non donnée)

flow-export = Exportations
flow-import = Importations
series-national = statistiques canadiennes
series-usgs = Commission géologique des États-Unis
series-industry = Association de l’industrie

axis-trade-billions = Exportations, milliards { $currency }
axis-trade-millions-log = Millions { $currency }, chaque trait valant dix fois le précédent
trade-panel-no-destinations = Sans destinations dans le tableau lu

tooltip-trade-year = Année
tooltip-trade-category = Catégorie
tooltip-trade-amount = Valeur, milliards { $dollars }
tooltip-trade-millions = Valeur, millions { $dollars }
tooltip-trade-destination = Destination
tooltip-trade-mineral = Minéral
tooltip-trade-flow = Flux
tooltip-trade-quantity = Quantité

column-commodity = Produit
column-series = Série

fig-mineral-exports-title =
    { $direction ->
        [down] Les exportations de minéraux et de métaux ont reculé à { $latest } en { $year }, contre { $previous } un an plus tôt.
        [up] Les exportations de minéraux et de métaux ont augmenté à { $latest } en { $year }, contre { $previous } un an plus tôt.
        [level] Les exportations de minéraux et de métaux se sont chiffrées à { $latest } en { $year }, comme un an plus tôt.
       *[none] Les exportations de minéraux et de métaux se sont chiffrées à { $latest } en { $year }.
    }
fig-mineral-exports-title-none = Les exportations de minéraux et de métaux par catégorie n’étaient pas encore publiques à cette date.
fig-mineral-exports-caption = Exportations canadiennes de minéraux et de métaux à toutes les étapes, du minerai au produit semi-ouvré, en milliards { $currency }, à prix courants. L’organisme arrondit à une décimale. La barre grise est une année pour laquelle seul le total des exportations nationales a été lu, sans ses parts. L’or et d’autres minéraux absents de la liste des minéraux critiques sont compris.
fig-mineral-exports-alt = Diagramme à barres empilées, une barre par année, { $bars } { $bars ->
    [one] année
   *[other] années
} en tout. En { $year } : métaux { $metals }, non-métaux { $non-metals } et charbon { $coal }, soit { $latest } au total et { $share } de toutes les exportations de marchandises.

fig-exports-partners-title =
    { $listed ->
        [uschina] Les États-Unis ont reçu { $us-share } des exportations ventilées par destination en { $year }; la Chine en a reçu { $china-share }.
        [us] Les États-Unis ont reçu { $us-share } des exportations ventilées par destination en { $year }.
        [china] La Chine a reçu { $china-share } des exportations ventilées par destination en { $year }.
       *[neither] Exportations de { $year } ventilées par destination, groupes de produits : { $panels }.
    }
fig-exports-partners-title-none = Les exportations nationales par destination n’étaient pas encore publiques à cette date.
fig-exports-partners-caption = Exportations nationales (sans les réexportations) en milliards { $currency }, à prix courants; entre parenthèses, la part de chaque destination dans le produit. Cinq principales destinations; toutes les autres ensemble en gris. Les éléments radioactifs comprennent les isotopes médicaux, et non seulement l’uranium; le minerai de fer n’est pas ventilé selon la pureté. Le volet sans destinations réunit les positions dont le tableau lu ne donne que le total.
fig-exports-partners-alt = Petits diagrammes à barres des cinq principales destinations, produits : { $panels }. Produit le plus exporté : { $first }, { $first-value }; première destination : { $first-partner }, { $first-share }. Produits pour lesquels les États-Unis viennent en tête : { $us-leads ->
    [0] aucun
   *[other] { $us-leads }
}. Produits pour lesquels la Chine vient en tête : { $china-leads ->
    [0] aucun
   *[other] { $china-leads }
}.

fig-trade-balance-title = Parmi les minéraux comparables ({ $count }), le Canada a des importations supérieures à ses exportations pour { $deficits ->
    [0] aucun
    [one] un seul ({ $list })
   *[other] plusieurs ({ $list })
}.
fig-trade-balance-title-none = Le commerce par minéral n’était pas encore public à cette date.
# $months (Number) - alike: mois ne change pas au pluriel
fig-trade-balance-caption = Exportations totales, réexportations comprises, et importations, additionnées sur { $months } mois, de { $first } à { $last } : il ne s’agit pas d’une année. L’échelle est logarithmique. Un minéral est comparable si les deux flux ont été lus sous les mêmes codes à six chiffres et que ces codes couvrent ce qui s’en échange. Minéraux lus en partie seulement et omis : { $left }.
fig-trade-balance-alt = Diagramme à points sur une échelle logarithmique : exportations en cercles et importations en carrés, nombre de minéraux : { $count }. Exportations les plus élevées : { $largest }, { $largest-value }; importations les plus élevées : { $largest-import }, { $largest-import-value }. Les importations dépassent les exportations pour : { $deficits ->
    [0] aucun
   *[other] { $list }
}.

fig-production-title =
    { $count ->
        [1] De { $first } à { $last }, la production du seul produit canadien dont les deux années sont connues { $up ->
            [0] { $down ->
                [0] est restée stable.
               *[other] a diminué.
            }
           *[other] a augmenté.
        }
        [one] De { $first } à { $last }, les deux années sont connues pour { $count } produit canadien.
       *[other] De { $first } à { $last }, la production { $up ->
            [0] n’a augmenté pour aucun des { $count } produits canadiens dont les deux années sont connues
           *[other] a augmenté pour { $up } des { $count } produits canadiens dont les deux années sont connues
        } et { $down ->
            [0] n’a diminué pour aucun.
           *[other] a diminué pour { $down }.
        }
    }
fig-production-title-none = La production par minéral n’était pas encore publique à cette date.
fig-production-caption = Petits diagrammes : production au Canada selon la Commission géologique des États-Unis, chaque année étant tirée de l’édition la plus récente; les barres en contour sont des estimations de l’organisme et chaque diagramme a sa propre échelle. La courbe, s’il y en a une, provient des statistiques canadiennes sur le cuivre récupérable, dont le mode de calcul est différent. Les minéraux d’intérêt viennent en premier; les produits sans production sont omis, et le titre ne compare que ceux dont les deux années sont connues.
fig-production-alt = Petits diagrammes à barres, de { $first } à { $last }, produits : { $shown }. Deux années connues : { $count }; production en hausse pour { $up }, en baisse pour { $down }, stable pour { $level }.{ $changes }
fig-production-alt-change = {" "}De { $first } à { $last } tonnes : { $name }.
