# Currencies: what each is called, its sign, and what stands in the head of a column.
# `-of` goes behind a number of millions. A bare sign means the currency of the whole report, and
# only where this is the Canadian dollar.

currency-converted = Amounts are in { $currency }: each that was stated in another currency is converted at the average rate of its own year.
currency-million = million
currency-billion = billion
currency-cad-home-sign = $
currency-cad-home-of = of dollars
currency-cad = Canadian dollars
currency-cad-of = of Canadian dollars
currency-cad-sign = CA$
currency-cad-column = CAD
currency-usd = US dollars
currency-usd-of = of US dollars
currency-usd-sign = US$
currency-usd-column = USD
currency-eur = euros
currency-eur-of = of euros
currency-eur-sign = €
currency-eur-column = EUR
currency-gbp = pounds sterling
currency-gbp-of = of pounds sterling
currency-gbp-sign = £
currency-gbp-column = GBP
currency-jpy = Japanese yen
currency-jpy-of = of Japanese yen
currency-jpy-sign = ¥
currency-jpy-column = JPY
