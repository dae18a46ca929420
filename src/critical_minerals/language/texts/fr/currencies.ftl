# Monnaies : leur nom, leur symbole et ce qui figure en tête d’une colonne.
# `-of` suit un nombre de millions. Un symbole seul désigne la monnaie de tout le rapport, et
# uniquement si c’est le dollar canadien.

currency-converted = Les montants sont en { $currency } : chacun de ceux qui étaient exprimés dans une autre monnaie est converti au taux moyen de son année.
# Le pluriel commence à deux : 1,5 million, 2 millions.
currency-million =
    { $number ->
        [one] million
       *[other] millions
    }
currency-billion =
    { $number ->
        [one] milliard
       *[other] milliards
    }
currency-cad-home-sign = $
currency-cad-home-of = de dollars
currency-cad = dollars canadiens
currency-cad-of = de dollars canadiens
currency-cad-sign = $ CA
currency-cad-column = $ CA
currency-usd = dollars américains
currency-usd-of = de dollars américains
currency-usd-sign = $ US
currency-usd-column = $ US
currency-eur = euros
currency-eur-of = d’euros
currency-eur-sign = €
currency-eur-column = €
currency-gbp = livres sterling
currency-gbp-of = de livres sterling
currency-gbp-sign = £
currency-gbp-column = £
currency-jpy = yens
currency-jpy-of = de yens
currency-jpy-sign = ¥
currency-jpy-column = ¥
